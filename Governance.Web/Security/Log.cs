namespace Governance.Web.Security;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "A request to {Path} from the origin '{Origin}' was refused, as the site is '{Host}'. "
        + "If people see this, the proxy before the site changes the Host header: let it pass Host on, or name it in ForwardedHeaders:KnownProxies")]
    public static partial void ForeignOrigin(ILogger logger, string path, string origin, string host);

    [LoggerMessage(6002, LogLevel.Information, "A request to {Path} was refused: too many under the limit {Policy} {Per}")]
    public static partial void TooMany(ILogger logger, string path, string policy, string per);
}
