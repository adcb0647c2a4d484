using Governance.Infrastructure.Organizations;

namespace Governance.Web.Components.Pages.Settings;

/// <summary>The organisation's settings in the units people type them in.</summary>
internal sealed class SettingsForm
{
    public string Name { get; set; } = "";

    public string Currency { get; set; } = "";

    public bool AllowRegistration { get; set; }

    /// <summary>One domain a line.</summary>
    public string Domains { get; set; } = "";

    public HashSet<string> SecondFactorRoles { get; } = new(StringComparer.Ordinal);

    public HashSet<string> ApprovalRoles { get; } = new(StringComparer.Ordinal);

    public int? IdleMinutes { get; set; }

    public int? AbsoluteHours { get; set; }

    public int? InvitationDays { get; set; }

    public int? ApprovalDays { get; set; }

    public int? KeyAgeDays { get; set; }

    public static SettingsForm Of(EditedSettings settings)
    {
        var form = new SettingsForm
        {
            Name = settings.Name,
            Currency = settings.Currency,
            AllowRegistration = settings.AllowRegistration,
            Domains = string.Join('\n', settings.RegistrationDomains),
            IdleMinutes = (int)settings.SessionIdleLimit.TotalMinutes,
            AbsoluteHours = (int)settings.SessionAbsoluteLimit.TotalHours,
            InvitationDays = (int)settings.InvitationLifetime.TotalDays,
            ApprovalDays = (int)settings.ApprovalLifetime.TotalDays,
            KeyAgeDays = (int)settings.KeyAgeWarning.TotalDays,
        };
        form.SecondFactorRoles.UnionWith(settings.SecondFactorRoles);
        form.ApprovalRoles.UnionWith(settings.ApprovalRoles);
        return form;
    }

    /// <summary>As the service takes it; what is empty or absurd is out of every range, and refused there.</summary>
    public EditedSettings ToSettings() => new(
        Name, Currency, AllowRegistration, Domains.Split(['\n', ',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        [.. SecondFactorRoles.Order(StringComparer.Ordinal)], [.. ApprovalRoles.Order(StringComparer.Ordinal)], TimeSpan.FromMinutes(Bounded(IdleMinutes)),
        TimeSpan.FromHours(Bounded(AbsoluteHours)), TimeSpan.FromDays(Bounded(InvitationDays)), TimeSpan.FromDays(Bounded(ApprovalDays)),
        TimeSpan.FromDays(Bounded(KeyAgeDays)));

    private static int Bounded(int? number) => Math.Clamp(number ?? 0, 0, 1_000_000);
}
