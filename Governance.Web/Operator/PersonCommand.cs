using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Microsoft.EntityFrameworkCore;

namespace Governance.Web.Operator;

/// <summary><c>person create</c>: somebody who may sign in to an organisation.</summary>
internal static class PersonCommand
{
    public static Command Build()
    {
        var organization = new Option<string>("--organization") { Required = true, Description = "The organisation's name or id." };
        var role = new Option<string>("--role") { Required = true, Description = $"One of {string.Join(", ", Roles.All)}." };
        var (name, email) = Options("--name", "--email");
        var create = new Command("create", "Creates a person, whose password is printed once.") { organization, role, name, email };
        create.SetAction((parsed, cancellation) => OperatorHost.RunAsync(async services =>
        {
            if (await FindOrganizationAsync(services, parsed.GetValue(organization)!, cancellation) is not { } organizationId)
                return "There is no such organisation.";
            var password = NewPassword();
            var request = new NewPerson(parsed.GetValue(name)!, parsed.GetValue(email)!, password, parsed.GetValue(role)!);
            var created = await services.GetRequiredService<PersonService>().CreateAsync(Actor.System(organizationId), request, cancellation);
            if (!created.Succeeded) return created.Refusal.Message;
            Console.WriteLine($"Sign in as {request.Email} with the password {password}");
            return null;
        }, cancellation));
        return new Command("person", "People who may sign in.") { create };
    }

    public static (Option<string> Name, Option<string> Email) Options(string name, string email) => (
        new Option<string>(name) { Required = true, Description = "The person's name." },
        new Option<string>(email) { Required = true, Description = "The person's email address, with which they sign in." });

    public static string NewPassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));

    private static async Task<Guid?> FindOrganizationAsync(IServiceProvider services, string nameOrId, CancellationToken cancellation)
    {
        await using var db = services.GetRequiredService<GovernanceDatabase>().AcrossOrganizations();
        var id = Guid.TryParse(nameOrId, out var parsed) ? parsed : Guid.Empty;
        var found = await db.Organizations.Where(row => row.Id == id || row.Name == nameOrId).Select(row => row.Id).Take(2).ToListAsync(cancellation);
        return found.Count == 1 ? found[0] : null;
    }
}
