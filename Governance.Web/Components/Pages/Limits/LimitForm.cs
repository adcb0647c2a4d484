using System.Globalization;
using Governance.Domain;
using Governance.Domain.Proxy.Limits;
using Governance.Infrastructure.Proxy.Limits;

namespace Governance.Web.Components.Pages.Limits;

/// <summary>A limit as it is typed in; empty numbers are no limit.</summary>
internal sealed class LimitForm
{
    public LimitScope Scope { get; set; } = LimitScope.Key;

    /// <summary>Empty for each of the kind.</summary>
    public string Target { get; set; } = "";

    public string Requests { get; set; } = "";

    public string Tokens { get; set; } = "";

    public string Concurrent { get; set; } = "";

    public static LimitForm Of(RateLimitRow row) => new()
    {
        Scope = row.Scope,
        Target = row.ScopeId is null ? "" : row.Scope == LimitScope.Address ? row.Name! : row.ScopeId.Value.ToString(),
        Requests = Text(row.Values.RequestsPerMinute),
        Tokens = Text(row.Values.TokensPerMinute),
        Concurrent = Text(row.Values.ConcurrentRequests),
    };

    public Result<LimitValues> Read()
    {
        if (!TryRead(Requests, out var requests)) return NoNumber(nameof(LimitValues.RequestsPerMinute));
        if (!TryRead(Tokens, out var tokens)) return NoNumber(nameof(LimitValues.TokensPerMinute));
        if (!TryRead(Concurrent, out var concurrent)) return NoNumber(nameof(LimitValues.ConcurrentRequests));
        return new LimitValues(requests, tokens, concurrent);
    }

    private static Refusal NoNumber(string field) => Refusal.Invalid(field, "Give a whole number, or nothing for no limit.");

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static bool TryRead(string text, out long? number)
    {
        number = null;
        if (string.IsNullOrWhiteSpace(text)) return true;
        var parsed = long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = value;
        return parsed;
    }
}
