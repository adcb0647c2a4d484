using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Domain.Privacy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Privacy;

/// <summary>Keeps the rules by which content is captured.</summary>
public sealed class CaptureRuleService(
    GovernanceDatabase database, AccessControl access, SessionService sessions, CaptureRuleDirectory directory, AuditTrail audit, TimeProvider time)
{
    private const int MaxRules = 500;

    private static readonly Refusal Unknown = Refusal.NotFound("There is no such rule any more.");

    /// <summary>The rules, the broad ones first; none for who may not manage them.</summary>
    public async Task<IReadOnlyList<CaptureRuleRow>> ListAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentManage, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await (
            from rule in db.CaptureRules.AsNoTracking()
            join application in db.Applications on rule.ApplicationId equals application.Id into applications
            from named in applications.DefaultIfEmpty()
            select new { Rule = rule, Application = named == null ? null : named.Name }).ToListAsync(cancellation);
        return
        [
            .. rows.OrderBy(row => row.Application, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Rule.DataClass, StringComparer.Ordinal).ThenBy(row => row.Rule.Id)
                .Select(row => new CaptureRuleRow(row.Rule.Id, row.Application, row.Rule.ToChoice())),
        ];
    }

    /// <summary>The applications that a rule can be about.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name)>> ApplicationsAsync(Actor actor, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentManage, cancellation) is not null) return [];
        await using var db = database.ForOrganization(actor.OrganizationId);
        var rows = await db.Applications.OrderBy(application => application.Name).Select(application => new { application.Id, application.Name }).ToListAsync(cancellation);
        return [.. rows.Select(row => (row.Id, row.Name))];
    }

    /// <summary>Adds a rule; there is one at most for an application and a class of data.</summary>
    public async Task<Result<Guid>> AddAsync(Actor actor, CaptureChoice choice, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, choice, cancellation) is { } refusal) return refusal;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        var result = await database.SeriallyAsync<Guid>(
            actor.OrganizationId,
            async db =>
            {
                if (choice.ApplicationId is { } application && !await db.Applications.AnyAsync(row => row.Id == application, cancellation))
                    return Refusal.Invalid(nameof(choice.ApplicationId), "There is no such application.");
                if (await db.CaptureRules.AnyAsync(rule => rule.ApplicationId == choice.ApplicationId && rule.DataClass == choice.DataClass, cancellation))
                    return Refusal.Conflict("There is a rule for this application and data class already. Change that one.");
                if (await db.CaptureRules.CountAsync(cancellation) >= MaxRules) return Refusal.Conflict($"There are {MaxRules} rules already. Remove one first.");
                var now = time.GetUtcNow();
                var rule = new CaptureRule
                {
                    Id = Guid.CreateVersion7(now),
                    OrganizationId = actor.OrganizationId,
                    ApplicationId = choice.ApplicationId,
                    DataClass = choice.DataClass,
                    Sides = choice.Sides,
                    RetentionDays = choice.RetentionDays,
                    Enabled = choice.Enabled,
                    CreatedAt = now,
                };
                db.CaptureRules.Add(rule);
                Record(db, actor, "content_rule.created", rule, rule.ToChoice());
                return rule.Id;
            },
            cancellation);
        directory.Forget(actor.OrganizationId);
        return result;
    }

    /// <summary>Changes what a rule keeps, for how long, and whether it does. It goes on to be about the same calls; what is kept already keeps its end.</summary>
    public async Task<Result> ChangeAsync(Actor actor, Guid ruleId, CaptureChoice choice, CancellationToken cancellation)
    {
        if (await CheckAsync(actor, choice, cancellation) is { } refusal) return refusal;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.CaptureRules.SingleOrDefaultAsync(row => row.Id == ruleId, cancellation) is not { } rule) return Unknown;
        if (await sessions.CheckProofAsync(actor, cancellation) is { } unproven) return unproven;
        var before = rule.ToChoice();
        (rule.Sides, rule.RetentionDays, rule.Enabled) = (choice.Sides, choice.RetentionDays, choice.Enabled);
        Record(db, actor, "content_rule.changed", rule, new { before, after = rule.ToChoice() });
        await db.SaveChangesAsync(cancellation);
        directory.Forget(actor.OrganizationId);
        return Result.Ok;
    }

    /// <summary>Removes a rule; what it kept stays until its end.</summary>
    public async Task<Result> RemoveAsync(Actor actor, Guid ruleId, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentManage, cancellation) is { } forbidden) return forbidden;
        await using var db = database.ForOrganization(actor.OrganizationId);
        if (await db.CaptureRules.SingleOrDefaultAsync(row => row.Id == ruleId, cancellation) is not { } rule) return Unknown;
        db.CaptureRules.Remove(rule);
        Record(db, actor, "content_rule.removed", rule, rule.ToChoice());
        await db.SaveChangesAsync(cancellation);
        directory.Forget(actor.OrganizationId);
        return Result.Ok;
    }

    private async Task<Refusal?> CheckAsync(Actor actor, CaptureChoice choice, CancellationToken cancellation)
    {
        if (await access.CheckAsync(actor, Permissions.ContentManage, cancellation) is { } forbidden) return forbidden;
        if (choice.RetentionDays is < CaptureChoice.MinDays or > CaptureChoice.MaxDays)
            return Refusal.Invalid(nameof(choice.RetentionDays), $"Keep it for {CaptureChoice.MinDays} to {CaptureChoice.MaxDays} days.");
        if (choice.DataClass is { } dataClass && !KeyService.DataClasses.Contains(dataClass))
            return Refusal.Invalid(nameof(choice.DataClass), $"The data class must be one of {string.Join(", ", KeyService.DataClasses)}.");
        return Enum.IsDefined(choice.Sides) ? null : Refusal.Invalid(nameof(choice.Sides), "Choose what is kept.");
    }

    private void Record(GovernanceDbContext db, Actor actor, string action, CaptureRule rule, object details) =>
        audit.Record(db, actor, action, "content_rule", rule.Id.ToString("n"), details);
}
