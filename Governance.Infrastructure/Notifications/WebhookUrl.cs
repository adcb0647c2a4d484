namespace Governance.Infrastructure.Notifications;

/// <summary>Where events and checkpoints may be posted to.</summary>
public static class WebhookUrl
{
    /// <summary>The longest address, in characters.</summary>
    public const int MaxLength = 500;

    /// <summary>What an address must be, to be said where it is not.</summary>
    public const string Rule = "must be an https URL without a user name or fragment; http is for this machine alone";

    /// <summary>The address, if something may be posted there.</summary>
    public static Uri? Parse(string? text) =>
        text?.Length <= MaxLength && Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { UserInfo: "", Fragment: "", Host.Length: > 0 }
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? url
            : null;

    /// <summary>The address as it is stored and shown: a query may hold a secret.</summary>
    public static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path);
}
