using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;

namespace Governance.Web.Components.Pages.Limits;

/// <summary>What pages call limits.</summary>
internal static class LimitWords
{
    public static string Of(LimitScope scope) => scope switch
    {
        LimitScope.Key => "Key",
        LimitScope.Application => "Application",
        LimitScope.Team => "Team",
        LimitScope.Person => "Person",
        _ => "Address",
    };

    public static string Each(LimitScope scope) => scope == LimitScope.Person ? "Each end user" : $"Each {Of(scope).ToLowerInvariant()}";

    public static string Of(RateLimitRow row) => row.Name ?? Each(row.Scope);
}
