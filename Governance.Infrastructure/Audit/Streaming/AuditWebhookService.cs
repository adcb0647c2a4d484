using System.Diagnostics;
using System.Text;
using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Secrets;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Audit.Streaming;

/// <summary>Keeps the receivers of an organisation's events.</summary>
public sealed class AuditWebhookService(
    AccessControl access, GovernanceDatabase database, SessionService sessions, AuditWebhookSender sender, MasterKey master, AuditTrail audit, TimeProvider time)
{
    private const int MaxWebhooks = 20;
    private const string Permission = Permissions.IntegrationsManage;

    private static readonly Refusal Unknown = Refusal.NotFound("There is no such receiver any more.");
    private static readonly Refusal Taken = Refusal.Invalid(nameof(AuditWebhookDraft.Name), "Another receiver has this name.");

    /// <summary>The receivers by name; none for who may not see them.</summary>
    public async Task<IReadOnlyList<AuditWebhookRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var size = await db.SizeOfLogAsync(cancellation);
        var webhooks = await db.AuditWebhooks.AsNoTracking().OrderBy(webhook => webhook.Name).ToListAsync(cancellation);
        return
        [
            .. webhooks.Select(webhook => new AuditWebhookRow(
                webhook.Id, DraftOf(webhook), webhook.DeliveredIndex, Math.Max(0, size - 1 - webhook.DeliveredIndex), webhook.DeliveredAt, webhook.FailingSince,
                webhook.NextAttemptAt, webhook.Error)),
        ];
    }

    /// <summary>Adds a receiver, which gets what happens from now on.</summary>
    public async Task<Result<CreatedAuditWebhook>> AddAsync(Actor actor, AuditWebhookDraft draft, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        if (draft.Check() is { } refusal) return refusal;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.AuditWebhooks.CountAsync(cancellation) >= MaxWebhooks) return Refusal.Conflict($"There are {MaxWebhooks} receivers already. Remove one first.");
        var secret = WebhookSecret.Create();
        var webhook = new AuditWebhook
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            OrganizationId = actor.OrganizationId,
            Name = draft.Name.Trim(),
            Url = draft.Url.Trim(),
            WrappedSecret = secret.Wrap(master),
            Enabled = draft.Enabled,
            MinimumSeverity = draft.MinimumSeverity,
            Categories = draft.CategoryNames,
            DeliveredIndex = await db.SizeOfLogAsync(cancellation) - 1,
            CreatedAt = time.GetUtcNow(),
        };
        db.AuditWebhooks.Add(webhook);
        Record(db, actor, "integration.created", webhook, Said(webhook));
        return await SaveAsync(db, cancellation) is { } taken ? taken : new CreatedAuditWebhook(webhook.Id, secret.Reveal());
    }

    /// <summary>Changes a receiver; its place in the log and its secret stay.</summary>
    public async Task<Result> ChangeAsync(Actor actor, Guid webhookId, AuditWebhookDraft draft, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        if (draft.Check() is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.AuditWebhooks.SingleOrDefaultAsync(row => row.Id == webhookId, cancellation) is not { } webhook) return Unknown;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        var before = Said(webhook);
        (webhook.Name, webhook.Url, webhook.Enabled) = (draft.Name.Trim(), draft.Url.Trim(), draft.Enabled);
        (webhook.MinimumSeverity, webhook.Categories) = (draft.MinimumSeverity, draft.CategoryNames);
        webhook.NextAttemptAt = null; // Whoever corrects the address does not want to wait.
        Record(db, actor, "integration.changed", webhook, new { before, after = Said(webhook) });
        return new Result(await SaveAsync(db, cancellation));
    }

    /// <summary>Removes a receiver; what it has not got, it does not get.</summary>
    public async Task<Result> RemoveAsync(Actor actor, Guid webhookId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.AuditWebhooks.SingleOrDefaultAsync(row => row.Id == webhookId, cancellation) is not { } webhook) return Unknown;
        db.AuditWebhooks.Remove(webhook);
        Record(db, actor, "integration.removed", webhook, Said(webhook));
        await db.SaveChangesAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Sends an event that is in no log, at once and whatever the filter; the place in the log stays.</summary>
    public async Task<Result> SendTestAsync(Actor actor, Guid webhookId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permission, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.AuditWebhooks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == webhookId, cancellation) is not { } webhook) return Unknown;
        var test = new AuditLeaf
        {
            Log = AuditLeaf.OriginOf(actor.OrganizationId),
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            At = time.GetUtcNow(),
            ActorKind = AuditActorKind.System,
            Action = "integration.test",
            Category = AuditCategory.Configuration,
            Severity = AuditSeverity.Info,
            Outcome = AuditOutcome.Success,
            ResourceType = "integration",
            ResourceRef = webhook.Id.ToString("n"),
            Request = Activity.Current?.TraceId.ToHexString(),
            Parts = [],
        };
        var error = await sender.SendAsync(webhook, Encoding.UTF8.GetBytes($"[{OcsfEvent.Of(test, index: null).ToJsonString()}]"), cancellation);
        Record(db, actor, "integration.tested", webhook, new { webhook.Name, webhook.Url, error }, error is null ? AuditOutcome.Success : AuditOutcome.Failure);
        await db.SaveChangesAsync(cancellation);
        return error is null ? Result.Ok : Refusal.Conflict($"{webhook.Name} did not take the event. {error}");
    }

    private static AuditWebhookDraft DraftOf(AuditWebhook webhook) => new(
        webhook.Name, webhook.Url, webhook.Enabled, webhook.MinimumSeverity, [.. webhook.Categories.Select(AuditLeaf.ValueOf<AuditCategory>).OfType<AuditCategory>()]);

    private static object Said(AuditWebhook webhook) => new { webhook.Name, webhook.Url, webhook.Enabled, webhook.MinimumSeverity, webhook.Categories, webhook.DeliveredIndex };

    private void Record(GovernanceDbContext db, Actor actor, string action, AuditWebhook webhook, object details, AuditOutcome outcome = AuditOutcome.Success) =>
        audit.Record(db, actor, action, "integration", webhook.Id.ToString("n"), details, outcome);

    private static async Task<Refusal?> SaveAsync(GovernanceDbContext db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Taken;
        }
    }
}
