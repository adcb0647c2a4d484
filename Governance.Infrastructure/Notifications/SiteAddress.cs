using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

/// <summary>
/// Makes the links that leave this process, in mails. They begin with what the operator configured, or with what the process
/// listens on; never with a request's Host header, which whoever sends the request chooses.
/// </summary>
public sealed class SiteAddress(IOptions<SiteOptions> options, OwnAddress own)
{
    /// <summary>Whether the operator said where people reach this installation; else links work on this machine, at best.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.Url);

    /// <summary>The whole address of a page.</summary>
    /// <param name="path">Its path and query, beginning with one slash.</param>
    /// <exception cref="ArgumentException">The path would lead to another site.</exception>
    public Uri Link(string path)
    {
        var origin = new Uri(IsConfigured ? options.Value.Url! : own.Current());
        var link = new Uri(origin, path);
        return path.StartsWith('/') && origin.IsBaseOf(link)
            ? link
            : throw new ArgumentException("A link's path begins with one slash.", nameof(path));
    }
}
