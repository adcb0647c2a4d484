using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Infrastructure.Notifications;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>What somebody says about a receiver.</summary>
/// <param name="Name">What tells it apart.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Enabled">Whether events are sent.</param>
/// <param name="MinimumSeverity">Events below it are passed over.</param>
/// <param name="Categories">Which are sent; all if there is none.</param>
public sealed record AuditWebhookDraft(string Name, string Url, bool Enabled, AuditSeverity MinimumSeverity, IReadOnlyList<AuditCategory> Categories)
{
    /// <returns>What is wrong with it; none if nothing is.</returns>
    internal Refusal? Check()
    {
        if (Name.Trim().Length is 0 or > AuditWebhookConfiguration.MaxName || Name.Any(char.IsControl))
            return Refusal.Invalid(nameof(Name), $"Give it a name of 1 to {AuditWebhookConfiguration.MaxName} characters.");
        return WebhookUrl.Parse(Url.Trim()) is { Query: "" }
            ? null
            : Refusal.Invalid(nameof(Url), "The address " + WebhookUrl.Rule + ". It has no query either: the signature, not a token in the address, says who sends.");
    }

    internal List<string> CategoryNames => [.. Categories.Distinct().Order().Select(AuditLeaf.NameOf)];
}

/// <summary>A receiver that was just made.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Secret">What its messages are signed with. It is shown this once.</param>
public sealed record CreatedAuditWebhook(Guid Id, string Secret)
{
    /// <summary>Tells nothing: it holds a secret.</summary>
    public override string ToString() => nameof(CreatedAuditWebhook);
}

/// <summary>A receiver and how it goes.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Settings">What was said about it.</param>
/// <param name="DeliveredIndex">The last entry it has, or that was passed over; -1 before the first.</param>
/// <param name="Waiting">How many entries follow.</param>
/// <param name="DeliveredAt">When it last got something.</param>
/// <param name="FailingSince">Since when it gets nothing; none if it works.</param>
/// <param name="NextAttemptAt">When it is tried again.</param>
/// <param name="Error">Why the last attempt failed.</param>
public sealed record AuditWebhookRow(
    Guid Id, AuditWebhookDraft Settings, long DeliveredIndex, long Waiting, DateTimeOffset? DeliveredAt, DateTimeOffset? FailingSince, DateTimeOffset? NextAttemptAt, string? Error);
