using System.Text.Json;
using System.Text.Json.Serialization;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Data;

namespace Governance.Infrastructure.Identity.Access;

/// <summary>Grants of roles as changes that another person approves.</summary>
internal sealed class GrantProposal(AccessDirectory directory, AuditTrail audit, TimeProvider time) : IApprovable
{
    public const string KindName = "grant";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    public string Kind => KindName;

    public string Label => "Grant of a role";

    public string Permission => Permissions.GrantsApprove;

    public static string PayloadOf(NewGrant request) => JsonSerializer.Serialize(request, Json);

    public async Task<Result<ApprovalDescription>> DescribeAsync(GovernanceDbContext db, string payload, CancellationToken cancellation)
    {
        var checkedGrant = await GrantRules.CheckAsync(db, Read(payload), time.GetUtcNow(), cancellation);
        if (!checkedGrant.Succeeded) return checkedGrant.Refusal;
        var plan = checkedGrant.Value;
        return new ApprovalDescription($"Grant {plan.Role.DisplayName}", [.. Diff(plan)], AccessScope.Organization, plan.Request.PersonId);
    }

    public async Task<Result> ApplyAsync(GovernanceDbContext db, Actor decider, ApprovalRequest request, CancellationToken cancellation)
    {
        var checkedGrant = await GrantRules.CheckAsync(db, Read(request.Payload), time.GetUtcNow(), cancellation);
        if (!checkedGrant.Succeeded) return checkedGrant.Refusal;
        Add(db, decider, checkedGrant.Value, request);
        return Result.Ok;
    }

    public void Applied(ApprovalRequest request) => directory.Forget();

    /// <summary>Adds a grant that was checked, and its audit entry. Where it was approved, whoever proposed it granted it.</summary>
    public RoleGrant Add(GovernanceDbContext db, Actor actor, GrantPlan plan, ApprovalRequest? approval)
    {
        var now = time.GetUtcNow();
        var request = plan.Request;
        var grant = new RoleGrant
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = actor.OrganizationId,
            PersonId = request.PersonId,
            Role = request.Role,
            ScopeKind = request.Scope.Kind,
            ScopeId = request.Scope.Id,
            Reason = request.Reason.Trim(),
            GrantedAt = now,
            GrantedBy = approval?.RequestedBy ?? actor.Id,
            ApprovalId = approval?.Id,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
        };
        db.RoleGrants.Add(grant);
        audit.Record(db, actor, "grant.created", "grant", grant.Id.ToString("n"), new
        {
            person = grant.PersonId,
            grant.Role,
            grant.ScopeKind,
            grant.ScopeId,
            grant.ExpiresAt,
            acceptedConflicts = plan.Conflicts.Count == 0 ? null : plan.Conflicts.Select(conflict => conflict.Message),
            approval = approval?.PublicId,
        }, about: new AboutPerson(grant.PersonId, new { grant.Reason }));
        return grant;
    }

    private static NewGrant Read(string payload) =>
        JsonSerializer.Deserialize<NewGrant>(payload, Json) ?? throw new InvalidDataException("The proposed grant is empty.");

    private static IEnumerable<FieldChange> Diff(GrantPlan plan)
    {
        var names = plan.Held.Select(name => plan.Catalog.Find(name)?.DisplayName ?? name).ToList();
        yield return new FieldChange("Roles held", names.Count == 0 ? null : string.Join(", ", names), string.Join(", ", names.Append(plan.Role.DisplayName).Distinct()));
        yield return new FieldChange("For", null, plan.ScopeName);
        yield return new FieldChange("Until", null, plan.Request.ExpiresAt is { } end ? $"{end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "revoked");

        var had = plan.Held.SelectMany(name => plan.Catalog.PermissionsOf(name).Keys).ToHashSet(StringComparer.Ordinal);
        var gained = plan.Catalog.PermissionsOf(plan.Role.Name).Keys.Where(name => !had.Contains(name)).Order(StringComparer.Ordinal).ToList();
        yield return new FieldChange("New permissions", null, gained.Count == 0 ? "none beyond those held" : string.Join(", ", gained));
        foreach (var conflict in plan.Conflicts) yield return new FieldChange("Conflict of duties", null, conflict.Message);
    }
}
