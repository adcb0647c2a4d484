using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Notifications;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Invitations;

/// <summary>Invites people, sends invitations again, withdraws them, and lets people accept them.</summary>
public sealed class InvitationService(
    GovernanceDatabase database, AccessControl access, SettingsDirectory settings, InvitationAcceptance acceptance, MailQueue mails, SiteAddress site,
    AuditTrail audit, TimeProvider time)
{
    private readonly InvitationMail _mail = new(mails, site);

    /// <summary>Invites somebody; the mail goes out with the change or not at all.</summary>
    public async Task<Result<Guid>> InviteAsync(Actor actor, NewInvitation request, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } forbidden) return forbidden;
        var rules = await RulesAsync(actor, [request.Email], cancellation);
        if (rules.Problems(request).FirstOrDefault() is { } refusal) return refusal;

        await using var db = database.ForOrganization(actor.OrganizationId);
        var added = await AddAsync(db, actor, [request], cancellation).SingleAsync(cancellation);
        if (!added.Succeeded) return added;
        try
        {
            await db.SaveChangesAsync(cancellation);
            return added;
        }
        catch (DbUpdateException exception) when (exception.IsConflict())
        {
            return Refusal.Conflict("Somebody invited this mail address at this very moment.");
        }
    }

    /// <summary>Sends an open invitation again, with a new link; the old one works no more.</summary>
    public async Task<Result> ResendAsync(Actor actor, Guid invitationId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var (now, token) = (time.GetUtcNow(), InvitationToken.Create());
        var (hash, expiresAt) = (InvitationToken.Hash(token), now + (await settings.GetAsync(actor.OrganizationId, cancellation)).InvitationLifetime);
        var renewed = await Open(db, invitationId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.TokenHash, hash).SetProperty(row => row.SentAt, now).SetProperty(row => row.ExpiresAt, expiresAt), cancellation);
        if (renewed == 0) return NotOpen();

        var invitation = await db.Invitations.AsNoTracking().SingleAsync(row => row.Id == invitationId, cancellation);
        if (_mail.Enqueue(db, invitation, token, await InvitationMail.LetterheadAsync(db, actor.Id, cancellation)).Refusal is { } unsendable) return unsendable;
        audit.Record(db, actor, "invitation.resent", "invitation", invitationId.ToString("n"), new { invitation.ExpiresAt });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>Takes an open invitation back: its link works no more.</summary>
    public async Task<Result> WithdrawAsync(Actor actor, Guid invitationId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.PeopleWrite, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = time.GetUtcNow();
        var withdrawn = await Open(db, invitationId).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.WithdrawnAt, now).SetProperty(row => row.WithdrawnBy, actor.Id), cancellation);
        if (withdrawn == 0) return NotOpen();

        audit.Record(db, actor, "invitation.withdrawn", "invitation", invitationId.ToString("n"));
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Result.Ok;
    }

    /// <summary>The invitation that a link is for; none if the link was used, withdrawn, replaced, has expired or never was.</summary>
    public Task<OpenInvitation?> FindAsync(string? token, CancellationToken cancellation) => acceptance.FindAsync(token, cancellation);

    /// <summary>Makes a person of an invitation, with its role and team; the mail address counts as confirmed.</summary>
    public Task<Result<Person>> AcceptAsync(string? token, InvitationAnswer answer, CancellationToken cancellation) =>
        acceptance.AcceptAsync(token, answer, cancellation);

    internal async Task<InvitationRules> RulesAsync(Actor actor, IReadOnlyCollection<string> emails, CancellationToken cancellation) =>
        await InvitationRules.LoadAsync(
            database, await settings.GetAsync(actor.OrganizationId, cancellation), actor,
            await access.CheckAsync(actor, Permissions.GrantsWrite, cancellation) is null, emails, cancellation);

    /// <summary>Adds invitations that keep to the rules, each with its mail and audit event, to what the context saves next.</summary>
    internal async IAsyncEnumerable<Result<Guid>> AddAsync(
        GovernanceDbContext db, Actor actor, IEnumerable<NewInvitation> requests,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var head = await InvitationMail.LetterheadAsync(db, actor.Id, cancellation);
        var lifetime = (await settings.GetAsync(actor.OrganizationId, cancellation)).InvitationLifetime;
        foreach (var request in requests)
        {
            var (now, token) = (time.GetUtcNow(), InvitationToken.Create());
            var invitation = ToInvitation(actor, request, token, now, lifetime);
            db.Invitations.Add(invitation);
            if (_mail.Enqueue(db, invitation, token, head).Refusal is { } unsendable)
            {
                yield return unsendable;
                continue;
            }

            audit.Record(db, actor, "invitation.created", "invitation", invitation.Id.ToString("n"),
                new { invitation.Role, invitation.ScopeKind, invitation.ScopeId, invitation.TeamId, invitation.ExpiresAt });
            yield return invitation.Id;
        }
    }

    private static Invitation ToInvitation(Actor actor, NewInvitation request, string token, DateTimeOffset now, TimeSpan lifetime) => new()
    {
        Id = Guid.CreateVersion7(now),
        OrganizationId = actor.OrganizationId,
        DisplayName = request.DisplayName.Trim(),
        Email = request.Email.Trim(),
        NormalizedEmail = InvitationRules.Normalize(request.Email),
        Role = request.Role,
        ScopeKind = request.Scope.Kind,
        ScopeId = request.Scope.Id,
        TeamId = request.TeamId,
        TokenHash = InvitationToken.Hash(token),
        CreatedAt = now,
        CreatedBy = actor.Id,
        SentAt = now,
        ExpiresAt = now + lifetime,
    };

    private static IQueryable<Invitation> Open(GovernanceDbContext db, Guid id) =>
        db.Invitations.Where(row => row.Id == id && row.AcceptedAt == null && row.WithdrawnAt == null);

    private static Refusal NotOpen() => Refusal.NotFound("There is no such open invitation: it was accepted or withdrawn.");
}
