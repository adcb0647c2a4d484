using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace Governance.Domain.Audit;

/// <summary>What the tree holds of an event: docs/audit-log.md, "Leaf". It names nobody.</summary>
public sealed record AuditLeaf
{
    /// <summary>The longest leaf, in bytes: its length has two bytes in an entry tile.</summary>
    public const int MaxLength = ushort.MaxValue;

    private const int Version = 1;
    private const string OriginPrefix = "governance/audit/";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>The log's origin.</summary>
    public required string Log { get; init; }

    public required Guid Id { get; init; }

    /// <summary>To the microsecond.</summary>
    public required DateTimeOffset At { get; init; }

    public required AuditActorKind ActorKind { get; init; }

    /// <summary>A person's token, or another actor's public id.</summary>
    public string? ActorRef { get; init; }

    /// <summary><c>noun.verb</c>.</summary>
    public required string Action { get; init; }

    public required AuditCategory Category { get; init; }

    public required AuditSeverity Severity { get; init; }

    public required AuditOutcome Outcome { get; init; }

    public required string ResourceType { get; init; }

    /// <summary>A person's token, or another resource's public id.</summary>
    public string? ResourceRef { get; init; }

    /// <summary>A short code.</summary>
    public string? Reason { get; init; }

    /// <summary>The version of the policy that decided.</summary>
    public string? Policy { get; init; }

    /// <summary>The correlation id of the request.</summary>
    public string? Request { get; init; }

    /// <summary>The external system that reported it; none for this program.</summary>
    public string? Source { get; init; }

    /// <summary>Commitments to the payload's parts, in order.</summary>
    public required IReadOnlyList<PartCommitment> Parts { get; init; }

    /// <summary>The origin of an organisation's log.</summary>
    public static string OriginOf(Guid organizationId) => $"{OriginPrefix}{organizationId:n}";

    /// <summary>Whose log has this origin.</summary>
    /// <exception cref="FormatException">It is no origin.</exception>
    public static Guid OrganizationOf(string origin) => Guid.ParseExact(origin.AsSpan(OriginPrefix.Length), "n");

    /// <summary>Its canonical JSON, which is hashed.</summary>
    public byte[] ToBytes() => ToText().ToBytes();

    /// <summary>Its canonical JSON.</summary>
    public override string ToString() => ToText().ToString();

    /// <summary>The members stand here in their order, because every event passes through.</summary>
    private Utf8Text ToText()
    {
        var json = new Utf8Text(768).Append("{\"action\":"u8);
        CanonicalJson.WriteString(json, Action);
        WriteWithRef(json, ",\"actor\":"u8, "\"kind\":"u8, NameOf(ActorKind), ActorRef, refFirst: false);
        json.Append(",\"at\":\""u8).Append(At.UtcDateTime, TimeFormat).Append("\",\"category\":\""u8).Append(NameOf(Category));
        json.Append("\",\"id\":\""u8).Append(PublicId.AuditEvent).Append("_"u8).Append(Id, "n").Append("\",\"log\":"u8);
        CanonicalJson.WriteString(json, Log);
        json.Append(",\"outcome\":\""u8).Append(NameOf(Outcome)).Append("\",\"parts\":["u8);
        for (var i = 0; i < Parts.Count; i++)
        {
            json.Append(i == 0 ? ""u8 : ","u8).Append("{\"commit\":\""u8).AppendBase64Url(Parts[i].Commitment.Span);
            json.Append("\",\"kid\":\""u8).AppendBase64Url(DataKey.Bytes(Parts[i].KeyId)).Append("\"}"u8);
        }

        json.Append("]"u8);
        WriteIfSaid(json, ",\"policy\":"u8, Policy);
        WriteIfSaid(json, ",\"reason\":"u8, Reason);
        WriteIfSaid(json, ",\"request\":"u8, Request);
        WriteWithRef(json, ",\"resource\":"u8, "\"type\":"u8, ResourceType, ResourceRef, refFirst: true);
        json.Append(",\"severity\":\""u8).Append(NameOf(Severity)).Append("\""u8);
        WriteIfSaid(json, ",\"source\":"u8, Source);
        return json.Append(",\"v\":"u8).Append(Version).Append("}"u8);
    }

    /// <summary>Reads canonical JSON.</summary>
    /// <returns>None unless writing what was read gives the same text.</returns>
    public static AuditLeaf? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            var (actor, resource) = (json.GetProperty("actor"), json.GetProperty("resource"));
            if (!PublicId.TryParse(PublicId.AuditEvent, Text(json, "id"), out var id)) return null;
            var leaf = new AuditLeaf
            {
                Log = Text(json, "log")!,
                Id = id,
                At = DateTimeOffset.ParseExact(Text(json, "at")!, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                ActorKind = Value<AuditActorKind>(actor, "kind"),
                ActorRef = Text(actor, "ref"),
                Action = Text(json, "action")!,
                Category = Value<AuditCategory>(json, "category"),
                Severity = Value<AuditSeverity>(json, "severity"),
                Outcome = Value<AuditOutcome>(json, "outcome"),
                ResourceType = Text(resource, "type")!,
                ResourceRef = Text(resource, "ref"),
                Reason = Text(json, "reason"),
                Policy = Text(json, "policy"),
                Request = Text(json, "request"),
                Source = Text(json, "source"),
                Parts =
                [
                    .. json.GetProperty("parts").EnumerateArray().Select(part => new PartCommitment(
                        new Guid(Base64Url.DecodeFromChars(Text(part, "kid")), bigEndian: true), Base64Url.DecodeFromChars(Text(part, "commit")))),
                ],
            };
            return leaf.ToString() == text ? leaf : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static T Value<T>(JsonElement json, string name)
        where T : struct, Enum => ValueOf<T>(Text(json, name) ?? "") ?? throw new FormatException($"The leaf's {name} is none that there is.");

    private static void WriteWithRef(
        Utf8Text json, ReadOnlySpan<byte> member, ReadOnlySpan<byte> name, string value, string? reference, bool refFirst)
    {
        json.Append(member).Append("{"u8);
        if (refFirst && reference is not null)
        {
            WriteIfSaid(json, "\"ref\":"u8, reference);
            json.Append(","u8);
        }

        WriteIfSaid(json, name, value);
        if (!refFirst) WriteIfSaid(json, ",\"ref\":"u8, reference);
        json.Append("}"u8);
    }

    private static void WriteIfSaid(Utf8Text json, ReadOnlySpan<byte> member, string? value)
    {
        if (value is null) return;
        json.Append(member);
        CanonicalJson.WriteString(json, value);
    }

    /// <summary>The name of an enum's value on the wire: <c>ServiceAccount</c> is <c>service_account</c>.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => Names<T>.Of[value];

    /// <summary>The value that a name on the wire means, if it means one.</summary>
    public static T? ValueOf<T>(string name)
        where T : struct, Enum => Names<T>.Of.Where(pair => pair.Value == name).Select(pair => (T?)pair.Key).FirstOrDefault();

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of = Enum.GetValues<T>().ToDictionary(
            value => value,
            value => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString())));
    }
}

/// <summary>What a leaf says about a part of its payload: under whose key it lies, and a commitment to what it says.</summary>
/// <param name="KeyId">The data key's id.</param>
/// <param name="Commitment">32 bytes.</param>
public readonly record struct PartCommitment(Guid KeyId, ReadOnlyMemory<byte> Commitment);

/// <summary>Who did something.</summary>
public enum AuditActorKind
{
    /// <summary>Somebody who signed in.</summary>
    Person,

    /// <summary>A machine that calls the API.</summary>
    ServiceAccount,

    /// <summary>An application's key, which calls the proxy.</summary>
    Key,

    /// <summary>The program itself.</summary>
    System,

    /// <summary>Somebody who has not signed in.</summary>
    Anonymous,

    /// <summary>Another system's actor, as that system reported it.</summary>
    External,
}

/// <summary>What kind of event it is.</summary>
public enum AuditCategory
{
    Authentication,
    Access,
    Configuration,
    DataAccess,
    Usage,
    Security,
    Audit,
}

/// <summary>How much it matters.</summary>
public enum AuditSeverity
{
    Info,
    Notice,
    Warning,
    Alarm,
}

/// <summary>How it ended.</summary>
public enum AuditOutcome
{
    Success,
    Failure,
    Denied,
}
