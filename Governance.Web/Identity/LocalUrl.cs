namespace Governance.Web.Identity;

/// <summary>Keeps redirects after sign-in on this site.</summary>
internal static class LocalUrl
{
    /// <summary>The URL if it is a path of this site, else the start page.</summary>
    public static string OrHome(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}
