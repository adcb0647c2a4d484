namespace Governance.Infrastructure.Notifications;

/// <summary>Where people reach this installation.</summary>
public sealed class SiteOptions
{
    public const string Section = "Site";

    /// <summary>
    /// The address people type, such as <c>https://governance.example.org</c>: http or https, without a path. Links in mails
    /// begin with it. Without it they begin with the address this process listens on.
    /// </summary>
    public string? Url { get; set; }
}
