using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Organizations;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Organizations;

public sealed class SettingsServiceTests : ProductTest
{
    private SettingsService Service => Get<SettingsService>();

    [Fact]
    public async Task ChangeAsync_SomeSettings_AreKeptAndOnlyTheyAreAudited()
    {
        var before = (await Service.FindAsync(Tenant.Admin, default))!;
        (await Service.ChangeAsync(Tenant.Admin, before, default)).Required();
        Assert.DoesNotContain(await EventsAsync(), row => row.Action == "organization.settings_changed");

        var after = before with
        {
            Name = "Renamed",
            AllowRegistration = true,
            RegistrationDomains = ["@Example.org", "example.org", "mail.example.com"],
            SessionIdleLimit = TimeSpan.FromMinutes(30),
        };
        (await Service.ChangeAsync(Tenant.Admin, after, default)).Required();
        Assert.Equal(["example.org", "mail.example.com"], (await Service.FindAsync(Tenant.Admin, default))!.RegistrationDomains);
        Assert.Equal(TimeSpan.FromMinutes(30), (await Get<SettingsDirectory>().GetAsync(Tenant.Id, default)).SessionIdleLimit);
        var details = (await EventsAsync()).Single(row => row.Action == "organization.settings_changed").Details!;
        Assert.Contains("\"sessionIdleLimit\":{\"after\":\"00:30:00\",\"before\":\"01:00:00\"}", details, StringComparison.Ordinal);
        Assert.DoesNotContain("currency", details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeAsync_ValueOutOfRange_IsRefusedAndNamed()
    {
        var good = (await Service.FindAsync(Tenant.Admin, default))!;
        (string, EditedSettings)[] wrong =
        [
            ("Name", good with { Name = " " }), ("Currency", good with { Currency = "XYZ" }),
            ("RegistrationDomains", good with { AllowRegistration = true }), ("RegistrationDomains", good with { RegistrationDomains = ["example"] }),
            ("RegistrationDomains", good with { RegistrationDomains = ["-bad-.example.org"] }), ("SecondFactorRoles", good with { SecondFactorRoles = ["king"] }),
            ("ApprovalRoles", good with { ApprovalRoles = ["king"] }), ("SessionIdleLimit", good with { SessionIdleLimit = TimeSpan.FromMinutes(4) }),
            ("SessionIdleLimit", good with { SessionIdleLimit = TimeSpan.FromHours(13) }),
            ("SessionAbsoluteLimit", good with { SessionAbsoluteLimit = TimeSpan.FromDays(8) }),
            ("InvitationLifetime", good with { InvitationLifetime = TimeSpan.Zero }), ("ApprovalLifetime", good with { ApprovalLifetime = TimeSpan.FromDays(91) }),
            ("KeyAgeWarning", good with { KeyAgeWarning = TimeSpan.FromDays(6) }),
        ];
        foreach (var (field, settings) in wrong) Assert.Equal(field, (await Service.ChangeAsync(Tenant.Admin, settings, default)).Refusal?.Field);
        Assert.Equal(EditedSettingsText(good), EditedSettingsText((await Service.FindAsync(Tenant.Admin, default))!));
    }

    [Fact]
    public async Task ChangeAsync_WhoMayOnlyRead_IsRefused()
    {
        var auditor = Tenant.Acting(await Tenant.AddPersonAsync(Process.Services, "audit@example.org", "correct horse battery", Roles.Auditor));
        var settings = (await Service.FindAsync(auditor, default))!;
        Assert.Equal(RefusalKind.Forbidden, (await Service.ChangeAsync(auditor, settings with { Name = "Mine" }, default)).Refusal?.Kind);
        Assert.Null(await Service.FindAsync(Tenant.Viewer, default));
    }

    private static string EditedSettingsText(EditedSettings settings) => System.Text.Json.JsonSerializer.Serialize(settings);
}
