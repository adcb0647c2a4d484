using System.Security.Cryptography;
using System.Text;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Secrets;

namespace Governance.Web.Identity;

/// <summary>
/// Creates the first organisation and its administrator. The token is derived from the master key, so every process of the
/// installation prints the same one; it is worthless once an organisation exists.
/// </summary>
internal sealed class SetupFlow(
    MasterKey masterKey, OrganizationService organizations, OperatingOrganization operating, PersonService people, SignInFlow signIn)
{
    private readonly string _token = Convert.ToHexStringLower(masterKey.Mac("governance.setup-token", ""u8))[..32];

    public string Token => _token;

    public bool IsToken(string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_token));

    public async Task<SignInStep> CreateAsync(string? token, NewOrganization organization, NewPerson administrator, HttpContext http)
    {
        if (!IsToken(token)) return SignInStep.Stop("The set-up token is wrong. Open the link that the server printed on its console.");
        if (await organizations.AnyAsync(http.RequestAborted)) return SignInStep.Stop("This installation is set up already. Sign in instead.");

        // The person is checked first: an organisation without an administrator could not be entered.
        if (await people.CheckAsync(administrator, organization.Name) is { } wrong) return SignInStep.Stop(wrong.Message);
        var created = await organizations.CreateAsync(organization, http.RequestAborted);
        if (!created.Succeeded) return SignInStep.Stop(created.Refusal.Message);
        var person = await people.CreateAsync(Actor.System(created.Value.Id), administrator, http.RequestAborted);
        if (!person.Succeeded) return SignInStep.Stop(person.Refusal.Message);

        await operating.FindAsync(http.RequestAborted);
        return await signIn.SignInAsync(administrator.Email, administrator.Password, returnUrl: null, http);
    }
}
