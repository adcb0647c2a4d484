namespace Governance.Infrastructure.Organizations;

/// <summary>Between what the settings of an organisation must lie.</summary>
public sealed record SettingsLimits(TimeSpan Least, TimeSpan Most)
{
    public static SettingsLimits SessionIdle { get; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(24));

    /// <summary>At most what the cookie lasts.</summary>
    public static SettingsLimits SessionAbsolute { get; } = new(TimeSpan.FromHours(1), TimeSpan.FromHours(168));

    public static SettingsLimits Invitation { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromDays(30));

    public static SettingsLimits Approval { get; } = new(TimeSpan.FromDays(1), TimeSpan.FromDays(90));

    public static SettingsLimits KeyAge { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromDays(1095));

    public bool Include(TimeSpan value) => value >= Least && value <= Most;
}
