using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Governance.Domain.Audit;

/// <summary>
/// An event as another system reports it. What becomes part of the leaf can never be removed, so it may only hold codes and public ids;
/// whatever else there is to say belongs into the details, which are encrypted.
/// </summary>
public sealed partial record ExternalEvent
{
    /// <summary>The longest details, in bytes of UTF-8.</summary>
    public const int MaxDetails = 16 * 1024;

    /// <summary>The longest id of an actor or a resource, in characters.</summary>
    public const int MaxId = 200;

    private const string Code = "give up to 64 letters, digits, dots, dashes and underscores.";
    private const string Id = "give an id of up to 200 visible ASCII characters that is no mail or network address; those belong into the details.";

    /// <summary>Whose leaves the verifier counts, or takes for what this program alone can say: calls, heartbeats, erasures.</summary>
    private static readonly string[] OwnNouns = ["audit", "call", "subject", "usage"];

    private static readonly string[] OwnResources = ["audit_key", "call", "data_key"];

    /// <summary>The system that reports.</summary>
    public required string Source { get; init; }

    /// <summary><c>noun.verb</c>.</summary>
    public required string Action { get; init; }

    public required string ResourceType { get; init; }

    public string? ResourceId { get; init; }

    /// <summary>Who acted there, by an id of that system.</summary>
    public string? ActorId { get; init; }

    public AuditCategory Category { get; init; } = AuditCategory.Security;

    /// <summary>By the outcome if it is not said.</summary>
    public AuditSeverity? Severity { get; init; }

    public AuditOutcome Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>When it happened according to that system.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>An object.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>What is wrong with it; the field is named as in the API.</summary>
    public Refusal? Check()
    {
        if (!CodePattern().IsMatch(Source)) return Refusal.Invalid("source", Code);
        if (!ActionPattern().IsMatch(Action)) return Refusal.Invalid("action", "give a noun and a verb, such as deployment.approved, of at most 64 small letters, digits and underscores.");
        if (OwnNouns.Contains(Action.Split('.')[0], StringComparer.Ordinal)) return Refusal.Invalid("action", $"only Governance itself records actions of {string.Join(", ", OwnNouns)}.");
        if (!NamePattern().IsMatch(ResourceType)) return Refusal.Invalid("resource.type", "give up to 64 small letters, digits and underscores.");
        if (OwnResources.Contains(ResourceType, StringComparer.Ordinal)) return Refusal.Invalid("resource.type", $"only Governance itself records events of {string.Join(", ", OwnResources)}.");
        if (ResourceId is not null && !IsId(ResourceId)) return Refusal.Invalid("resource.id", Id);
        if (ActorId is not null && !IsId(ActorId)) return Refusal.Invalid("actor.id", Id);
        if (Reason is not null && !CodePattern().IsMatch(Reason)) return Refusal.Invalid("reason", Code);
        if (Details is not { } details) return null;
        if (details.ValueKind != JsonValueKind.Object) return Refusal.Invalid("details", "give an object.");
        return Encoding.UTF8.GetByteCount(details.GetRawText()) > MaxDetails
            ? Refusal.Invalid("details", $"give at most {MaxDetails} bytes.")
            : null;
    }

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxId && text.All(character => character is > ' ' and <= '~' and not '@')
        && !(text.AsSpan().IndexOfAny('.', ':') >= 0 && IPAddress.TryParse(text, out _));

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"^(?=.{3,64}\z)[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex ActionPattern();

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}
