using System.Net;
using System.Text.RegularExpressions;
using Governance.Domain;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Proxy.Connections;

/// <summary>What somebody says about a connection.</summary>
/// <param name="Name">Its segment behind <c>/proxy/</c>; a connection that exists keeps the one it has.</param>
/// <param name="Kind">The id of the kind of provider; a connection that exists keeps the one it has.</param>
/// <param name="BaseUrl">What callers' paths follow.</param>
public sealed partial record ConnectionDraft(string Name, string Kind, string BaseUrl)
{
    /// <summary>The most names for deployments and profiles.</summary>
    public const int MaxAliases = 100;

    private const int MaxSecret = 4096;

    /// <inheritdoc cref="Connection.Region"/>
    public string? Region { get; init; }

    /// <inheritdoc cref="Connection.Account"/>
    public string? Account { get; init; }

    /// <inheritdoc cref="Connection.AccessKeyId"/>
    public string? AccessKeyId { get; init; }

    /// <summary>The provider's key; none keeps the one that is there.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc cref="Connection.Aliases"/>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc cref="Connection.ConnectTimeoutSeconds"/>
    public int? ConnectTimeoutSeconds { get; init; }

    /// <inheritdoc cref="Connection.ActivityTimeoutSeconds"/>
    public int? ActivityTimeoutSeconds { get; init; }

    /// <inheritdoc cref="Connection.Attempts"/>
    public int? Attempts { get; init; }

    /// <summary>Without what people type or paste around it.</summary>
    internal ConnectionDraft Trimmed() => this with
    {
        Name = Name.Trim(),
        BaseUrl = BaseUrl.Trim().TrimEnd('/'),
        Region = OrNull(Region),
        Account = OrNull(Account),
        AccessKeyId = OrNull(AccessKeyId),
        Secret = OrNull(Secret),
    };

    /// <returns>What is wrong with it; none if nothing is.</returns>
    internal Refusal? Check() => CheckName() ?? CheckAddress() ?? CheckCredential() ?? CheckAliases() ?? CheckLimits();

    private Refusal? CheckName()
    {
        if (!Slug().IsMatch(Name)) return Refusal.Invalid(nameof(Name), "Use 1 to 63 small letters, digits and hyphens, the first of them no hyphen.");
        if (Name == ProviderConnections.SandboxName || Providers.All.Any(kind => kind.Id == Name || kind.Base == Name))
            return Refusal.Invalid(nameof(Name), $"“{Name}” already means something behind /proxy/. Add to it, such as {Name}-production.");
        return Providers.Find(Kind) is null ? Refusal.Invalid(nameof(Kind), "Choose one of the kinds of providers.") : null;
    }

    private Refusal? CheckAddress()
    {
        if (WebhookUrl.Parse(BaseUrl) is not { Query: "" } url) return Refusal.Invalid(nameof(BaseUrl), "The base URL " + WebhookUrl.Rule + ". It has no query either.");
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && OutgoingSockets.IsLinkLocal(address))
            return Refusal.Invalid(nameof(BaseUrl), "This is a link-local address, to which nothing is sent.");
        if (Region?.Length > 64 || HasControl(Region)) return Refusal.Invalid(nameof(Region), "Use at most 64 characters.");
        return Account?.Length > ConnectionConfiguration.MaxText || HasControl(Account)
            ? Refusal.Invalid(nameof(Account), $"Use at most {ConnectionConfiguration.MaxText} characters.")
            : null;
    }

    private Refusal? CheckCredential()
    {
        if (AccessKeyId is not null && Kind != ProviderConnections.Bedrock) return Refusal.Invalid(nameof(AccessKeyId), "Only Amazon Bedrock takes an access key id.");
        if (AccessKeyId is not null && !AwsKeyId().IsMatch(AccessKeyId)) return Refusal.Invalid(nameof(AccessKeyId), "An access key id has 16 to 128 letters and digits, such as AKIA….");
        return Secret is null || (Secret.Length <= MaxSecret && Secret.All(c => c is > ' ' and <= '~'))
            ? null
            : Refusal.Invalid(nameof(Secret), "A key has no spaces and no characters beyond ASCII. Copy it again, and nothing around it.");
    }

    private Refusal? CheckAliases()
    {
        if (Aliases.Count > MaxAliases) return Refusal.Invalid(nameof(Aliases), $"Name at most {MaxAliases} deployments.");
        return Aliases.Any(alias => !IsModel(alias.Key) || !IsModel(alias.Value))
            ? Refusal.Invalid(nameof(Aliases), $"Write one deployment a line, as 'deployment = model', each of at most {ConnectionConfiguration.MaxModel} characters.")
            : null;
    }

    private Refusal? CheckLimits()
    {
        if (ConnectTimeoutSeconds is < 1 or > 300) return Refusal.Invalid(nameof(ConnectTimeoutSeconds), "Allow 1 to 300 seconds, or leave it empty.");
        if (ActivityTimeoutSeconds is < 1 or > 3600) return Refusal.Invalid(nameof(ActivityTimeoutSeconds), "Allow 1 to 3,600 seconds, or leave it empty.");
        return Attempts is < 1 or > 10 ? Refusal.Invalid(nameof(Attempts), "Allow 1 to 10 attempts, or leave it empty.") : null;
    }

    private static bool IsModel(string text) => text.Length is > 0 and <= ConnectionConfiguration.MaxModel && !HasControl(text);

    private static bool HasControl(string? text) => text?.Any(char.IsControl) is true;

    private static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Tells no secret.</summary>
    public override string ToString() => $"{nameof(ConnectionDraft)} {Name} ({Kind})";

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Slug();

    /// <summary>https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html: 16 to 128 characters of [\w]*.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_]{16,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex AwsKeyId();
}
