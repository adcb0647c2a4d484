using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Testing.Server;
using Microsoft.AspNetCore.Identity;

namespace Governance.Infrastructure.Tests.Identity.SecondFactor;

/// <summary>A test with a person in it, and an authenticator app that computes codes from the key that was shown.</summary>
public abstract class SecondFactorTest : ProductTest
{
    protected Person Ann { get; private set; } = null!;

    /// <summary>Ann herself, in a session in which she has just signed in.</summary>
    protected Actor Self { get; private set; } = null!;

    protected SecondFactorService Service => Get<SecondFactorService>();

    protected SecondFactorCheck Check => Get<SecondFactorCheck>();

    protected async Task BeginAsync()
    {
        Ann = await Tenant.AddPersonAsync(Process.Services, "ann@example.org", "correct horse battery", Roles.CostViewer);
        Self = await SignInAsync(Ann);
    }

    protected async Task<Actor> SignInAsync(Person person, bool mustEnrol = false)
    {
        var session = await Get<SessionService>().StartAsync(person, SignInMethod.Password, mustEnrol, "192.0.2.1", "Test", default);
        return Tenant.Acting(person) with { SessionId = session.Id };
    }

    protected async Task SignInAgainAsync() => Self = await SignInAsync(Ann);

    /// <summary>Begins and confirms; the clock then stands in the next step, so that the app shows a code that has not been used.</summary>
    protected async Task<(AuthenticatorApp App, IReadOnlyList<string> Codes)> EnrolAsync()
    {
        var app = await BeginEnrolmentAsync();
        var codes = (await Service.ConfirmAuthenticatorAsync(Self, Ann.Id, CodeNow(app), default)).Required();
        Clock.Advance(TimeSpan.FromSeconds(Totp.Period));
        return (app, codes);
    }

    protected async Task<AuthenticatorApp> BeginEnrolmentAsync() =>
        new((await Service.BeginAuthenticatorAsync(Self, Ann.Id, default)).Required().ManualKey);

    protected string CodeNow(AuthenticatorApp app) => app.CodeAt(Clock.GetUtcNow());

    protected string WrongCode(AuthenticatorApp app) => app.WrongCodeAt(Clock.GetUtcNow());

    protected async Task AddPasskeyAsync()
    {
        await using var db = Process.Database.AcrossOrganizations();
        db.UserPasskeys.Add(new IdentityUserPasskey<Guid>
        {
            UserId = Ann.Id,
            CredentialId = [1, 2, 3],
            Data = new IdentityPasskeyData { PublicKey = [1], AttestationObject = [1], ClientDataJson = [1], Name = "Laptop" },
        });
        await db.SaveChangesAsync();
    }

    /// <summary>What was recorded about her, in the order of the alphabet: the clock stands, so that there is no other.</summary>
    protected async Task<List<string>> ActionsAsync() =>
        [.. (await EventsAsync()).Where(row => row.ResourceId == Ann.Id.ToString("n")).Select(row => row.Action).Order(StringComparer.Ordinal)];
}
