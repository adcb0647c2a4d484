using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Identity.Sessions;

/// <summary>Starts, renews and ends sessions.</summary>
public sealed class SessionService(
    GovernanceDatabase database, SessionDirectory directory, AccessControl access, SettingsDirectory settings, AuditTrail audit, TimeProvider time)
{
    /// <summary>Somebody who proved who they are within this time need not do it again before a sensitive change.</summary>
    public static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(15);

    private const int MaxUserAgent = 256;

    /// <summary>Starts a session for somebody who has just proved who they are.</summary>
    public async Task<PersonSession> StartAsync(
        Person person, SignInMethod method, bool mustEnrol, string? ipAddress, string? userAgent, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var limits = await settings.GetAsync(person.OrganizationId, cancellation);
        var session = new PersonSession
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = person.OrganizationId,
            PersonId = person.Id,
            CreatedAt = now,
            LastSeenAt = now,
            AuthenticatedAt = now,
            ExpiresAt = now + limits.SessionAbsoluteLimit,
            Method = method,
            MustEnrol = mustEnrol,
            IpAddress = ipAddress,
            UserAgent = userAgent is { Length: > MaxUserAgent } ? userAgent[..MaxUserAgent] : userAgent,
        };
        var actor = new Actor(ActorKind.Person, person.Id, person.OrganizationId, null, session.Id, ipAddress, userAgent);
        await using var db = database.ForOrganization(person.OrganizationId);
        db.Sessions.Add(session);
        audit.Record(db, actor, "sign_in.succeeded", "person", person.Id.ToString("n"), new { method = method.ToString(), session = session.Id });
        await db.SaveChangesAsync(cancellation);
        return session;
    }

    /// <summary>Whether the person proved who they are so recently that a sensitive change needs no further proof.</summary>
    /// <returns>None if so; the program and machines need none.</returns>
    public async Task<Refusal?> CheckProofAsync(Actor actor, CancellationToken cancellation)
    {
        if (actor.Kind != ActorKind.Person) return null;
        if (actor.SessionId is { } id && await directory.FindAsync(id, active: false, cancellation) is { } session
            && time.GetUtcNow() - session.AuthenticatedAt < ProofLifetime) return null;
        return Refusal.ProofNeeded();
    }

    /// <summary>The person proved again who they are.</summary>
    public async Task ProveAsync(Actor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var db = database.ForOrganization(actor.OrganizationId);
        var session = await db.Sessions.SingleAsync(session => session.Id == actor.SessionId && session.PersonId == actor.Id, cancellation);
        session.AuthenticatedAt = now;
        audit.Record(db, actor, "session.proved", "session", session.Id.ToString("n"));
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
    }

    /// <summary>The person has set up the second factor that their roles need: the session opens everything else now.</summary>
    public async Task EnrolledAsync(Actor actor, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        await db.Sessions.Where(session => session.PersonId == actor.Id && session.MustEnrol)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.MustEnrol, false), cancellation);
        directory.Forget();
    }

    /// <summary>Ends one session: one's own, or with the permission anybody's.</summary>
    public async Task<Result> EndAsync(Actor actor, Guid sessionId, CancellationToken cancellation)
    {
        await using var db = database.ForOrganization(actor.OrganizationId);
        var session = await db.Sessions.SingleOrDefaultAsync(session => session.Id == sessionId, cancellation);
        if (session is null) return Refusal.NotFound("There is no such session.");
        if (session.PersonId != actor.Id && await access.CheckAsync(actor, Permissions.SessionsEnd, cancellation) is { } refusal) return refusal;
        if (session.EndedAt is not null) return Result.Ok;
        End(db, actor, session, session.PersonId != actor.Id ? SessionEnd.EndedByAdministrator
            : session.Id == actor.SessionId ? SessionEnd.SignedOut : SessionEnd.EndedByPerson);
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Ends all sessions of a person, one's own current one excepted if so asked.</summary>
    public async Task<Result> EndAllAsync(Actor actor, Guid personId, bool exceptCurrent, CancellationToken cancellation)
    {
        if (personId != actor.Id && await access.CheckAsync(actor, Permissions.SessionsEnd, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (!await db.Users.AnyAsync(person => person.Id == personId, cancellation)) return Refusal.NotFound("There is no such person.");
        await EndAllAsync(db, actor, personId, exceptCurrent ? actor.SessionId : null,
            personId == actor.Id ? SessionEnd.EndedByPerson : SessionEnd.EndedByAdministrator, cancellation);
        await db.SaveChangesAsync(cancellation);
        directory.Forget();
        return Result.Ok;
    }

    /// <summary>Ends sessions in the transaction of the change that makes it necessary; <see cref="SessionDirectory.Forget"/> comes after its commit.</summary>
    internal async Task EndAllAsync(
        GovernanceDbContext db, Actor actor, Guid personId, Guid? except, SessionEnd reason, CancellationToken cancellation)
    {
        foreach (var session in await db.Sessions.Where(row => row.PersonId == personId && row.EndedAt == null && row.Id != except).ToListAsync(cancellation))
            End(db, actor, session, reason);
    }

    private void End(GovernanceDbContext db, Actor actor, PersonSession session, SessionEnd reason)
    {
        (session.EndedAt, session.EndedBy, session.EndReason) = (time.GetUtcNow(), actor.Id, reason);
        audit.Record(db, actor, reason == SessionEnd.SignedOut ? "sign_out" : "session.ended", "session", session.Id.ToString("n"),
            new { person = session.PersonId, reason = reason.ToString() });
    }
}
