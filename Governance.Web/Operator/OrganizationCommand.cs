using System.CommandLine;
using Governance.Domain.Identity;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Organizations;

namespace Governance.Web.Operator;

/// <summary><c>organization create</c>: a further organisation beside the first, with its administrator.</summary>
internal static class OrganizationCommand
{
    public static Command Build()
    {
        var name = new Option<string>("--name") { Required = true, Description = "The organisation's name." };
        var zone = new Option<string>("--time-zone") { Required = true, Description = "Its reporting time zone, such as Europe/Berlin." };
        var currency = new Option<string>("--currency") { DefaultValueFactory = _ => "USD", Description = "The ISO 4217 code of its books." };
        var (adminName, adminEmail) = PersonCommand.Options("--admin-name", "--admin-email");
        var create = new Command("create", "Creates an organisation and its first administrator, whose password is printed once.")
        {
            name, zone, currency, adminName, adminEmail,
        };
        create.SetAction((parsed, cancellation) => OperatorHost.RunAsync(async services =>
        {
            var people = services.GetRequiredService<PersonService>();
            var password = PersonCommand.NewPassword();
            var administrator = new NewPerson(parsed.GetValue(adminName)!, parsed.GetValue(adminEmail)!, password, Roles.SystemAdmin);
            if (await people.CheckAsync(administrator, parsed.GetValue(name)!) is { } wrong) return wrong.Message;
            var request = new NewOrganization(parsed.GetValue(name)!, parsed.GetValue(zone)!, parsed.GetValue(currency)!);
            var created = await services.GetRequiredService<OrganizationService>().CreateAsync(request, cancellation);
            if (!created.Succeeded) return created.Refusal.Message;
            var person = await people.CreateAsync(Actor.System(created.Value.Id), administrator, cancellation);
            if (!person.Succeeded) return person.Refusal.Message;
            Console.WriteLine($"Created {created.Value.Name} ({created.Value.Id}).\nSign in as {administrator.Email} with the password {password}");
            return null;
        }, cancellation));
        return new Command("organization", "Organisations of this installation.") { create };
    }
}
