using System.Linq.Expressions;
using Governance.Domain.Identity;
using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Infrastructure.Audit.Streaming;
using Governance.Infrastructure.Budgets;
using Governance.Infrastructure.Costs;
using Governance.Infrastructure.Costs.Estimates;
using Governance.Infrastructure.Costs.Recurring;
using Governance.Infrastructure.DeadLetters;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Infrastructure.Identity.SavedFilters;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Identity.Tokens;
using Governance.Infrastructure.Jobs;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Privacy;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Connections;
using Governance.Infrastructure.Proxy.Limits;
using Governance.Infrastructure.Proxy.Resilience;
using Governance.Infrastructure.Secrets;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Governance.Infrastructure.Data;

/// <summary>
/// The one model, of which each database has a derived context with its own migrations. A context sees one organisation,
/// or, where a task spans them (sign-in, jobs, migrations), all of them; <see cref="GovernanceDatabase"/> opens both kinds.
/// </summary>
public abstract class GovernanceDbContext(DbContextOptions options, Guid? organizationId, Reach reach)
    : IdentityUserContext<Person, Guid>(options)
{
    /// <summary>The name of the query filter that keeps organisations apart.</summary>
    public const string OrganizationFilter = "Organization";

    /// <summary>The organisation this context sees; none if it sees all.</summary>
    public Guid? OrganizationId { get; } = organizationId;

    internal bool SpansOrganizations => OrganizationId is null;

    /// <summary>The name of the query filter that keeps a reader to what they may see.</summary>
    public const string ReachFilter = "Reach";

    /// <summary>Whether only a part of the organisation is seen.</summary>
    internal bool IsNarrowed => !reach.Everything;

    /// <summary>What was recorded and is written when the context saves: <see cref="AuditSealer"/>.</summary>
    internal List<AuditDraft> AuditDrafts { get; } = [];

    private List<Guid> ReachedTeams { get; } = [.. reach.Teams];

    private List<Guid> ReachedApplications { get; } = [.. reach.Applications];

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<VirtualKey> VirtualKeys => Set<VirtualKey>();

    public DbSet<KeySecret> KeySecrets => Set<KeySecret>();

    public DbSet<RequestSigningKey> RequestSigningKeys => Set<RequestSigningKey>();

    public DbSet<ServiceAccount> ServiceAccounts => Set<ServiceAccount>();

    public DbSet<SignInAttempts> SignInAttempts => Set<SignInAttempts>();

    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<RoleGrant> RoleGrants => Set<RoleGrant>();

    public DbSet<CustomRole> CustomRoles => Set<CustomRole>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<ApprovalRequest> ApprovalRequests => Set<ApprovalRequest>();

    public DbSet<AccessReview> AccessReviews => Set<AccessReview>();

    public DbSet<AccessReviewItem> AccessReviewItems => Set<AccessReviewItem>();

    public DbSet<PersonSession> Sessions => Set<PersonSession>();

    public DbSet<SavedFilter> SavedFilters => Set<SavedFilter>();

    public DbSet<TeamMembership> TeamMemberships => Set<TeamMembership>();

    public DbSet<OrganizationSettings> OrganizationSettings => Set<OrganizationSettings>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<RefreshTokenFamily> RefreshTokenFamilies => Set<RefreshTokenFamily>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<Subject> Subjects => Set<Subject>();

    public DbSet<CaptureRule> CaptureRules => Set<CaptureRule>();

    public DbSet<CapturedContent> CapturedContents => Set<CapturedContent>();

    public DbSet<PriceVersion> Prices => Set<PriceVersion>();

    public DbSet<TokenCalibration> TokenCalibrations => Set<TokenCalibration>();

    public DbSet<ChargeContract> RecurringCharges => Set<ChargeContract>();

    public DbSet<Call> Calls => Set<Call>();

    public DbSet<CallAttempt> CallAttempts => Set<CallAttempt>();

    public DbSet<LedgerEntry> LedgerEntries => Set<LedgerEntry>();

    public DbSet<CostRollup> CostRollups => Set<CostRollup>();

    public DbSet<Budget> Budgets => Set<Budget>();

    public DbSet<BudgetPeriod> BudgetPeriods => Set<BudgetPeriod>();

    public DbSet<BudgetLease> BudgetLeases => Set<BudgetLease>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<AuditPart> AuditParts => Set<AuditPart>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditWaiting> AuditWaiting => Set<AuditWaiting>();

    public DbSet<AuditTile> AuditTiles => Set<AuditTile>();

    public DbSet<AuditCheckpoint> AuditCheckpoints => Set<AuditCheckpoint>();

    public DbSet<AuditSegment> AuditSegments => Set<AuditSegment>();

    public DbSet<AuditCheck> AuditChecks => Set<AuditCheck>();

    public DbSet<AuditPublicKey> AuditPublicKeys => Set<AuditPublicKey>();

    public DbSet<AuditDeposit> AuditDeposits => Set<AuditDeposit>();

    public DbSet<AuditAnchorState> AuditAnchorStates => Set<AuditAnchorState>();

    public DbSet<AuditWebhook> AuditWebhooks => Set<AuditWebhook>();

    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<RateLimit> RateLimits => Set<RateLimit>();

    public DbSet<LimitMember> LimitMembers => Set<LimitMember>();

    public DbSet<LimitShare> LimitShares => Set<LimitShare>();
    public DbSet<BreakerEvent> BreakerEvents => Set<BreakerEvent>();

    public DbSet<ModelRoute> ModelRoutes => Set<ModelRoute>();

    public DbSet<DataKeyRow> DataKeys => Set<DataKeyRow>();

    public DbSet<WorkItem> WorkItems => Set<WorkItem>();

    public DbSet<DeadLetterBulk> DeadLetterBulks => Set<DeadLetterBulk>();

    public DbSet<DeadLetterAlarm> DeadLetterAlarms => Set<DeadLetterAlarm>();

    public DbSet<JobState> Jobs => Set<JobState>();

    public DbSet<ProcessInstance> ProcessInstances => Set<ProcessInstance>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<MasterKeyCheck> MasterKeyChecks => Set<MasterKeyCheck>();

    /// <summary>Within a query: the day in which a moment is where clocks are ahead of UTC, as <see cref="DateOnly.DayNumber"/>.</summary>
    /// <param name="at">The moment.</param>
    /// <param name="aheadSeconds">How far they are ahead.</param>
    internal static long DayNumber(DateTimeOffset at, long aheadSeconds) =>
        throw new InvalidOperationException($"{at} and {aheadSeconds} are for the database to divide.");

    /// <summary>How the database divides.</summary>
    private protected static System.Reflection.MethodInfo DayNumberMethod { get; } =
        ((Func<DateTimeOffset, long, long>)DayNumber).Method;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseForbiddenChanges();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForbiddenChanges();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(GovernanceDbContext).Assembly);
        if (!SpansOrganizations) FilterByOrganization(builder);
        if (IsNarrowed) FilterByReach(builder);
    }

    private void FilterByReach(ModelBuilder builder)
    {
        builder.Entity<Call>().HasQueryFilter(ReachFilter, call =>
            ReachedTeams.Contains(call.TeamId!.Value) || ReachedApplications.Contains(call.ApplicationId!.Value));
        builder.Entity<LedgerEntry>().HasQueryFilter(ReachFilter, entry =>
            ReachedTeams.Contains(entry.TeamId!.Value) || ReachedApplications.Contains(entry.ApplicationId!.Value));
        builder.Entity<CostRollup>().HasQueryFilter(ReachFilter, rollup =>
            ReachedTeams.Contains(rollup.TeamId) || ReachedApplications.Contains(rollup.ApplicationId));
        builder.Entity<Application>().HasQueryFilter(ReachFilter, application =>
            ReachedTeams.Contains(application.TeamId) || ReachedApplications.Contains(application.Id));
        builder.Entity<ChargeContract>().HasQueryFilter(ReachFilter, charge => ReachedTeams.Contains(charge.TeamId!.Value));
        builder.Entity<VirtualKey>().HasQueryFilter(ReachFilter, key => ReachedApplications.Contains(key.ApplicationId));
    }

    private void FilterByOrganization(ModelBuilder builder)
    {
        builder.Entity<Organization>().HasQueryFilter(OrganizationFilter, organization => organization.Id == OrganizationId);
        foreach (var type in builder.Model.GetEntityTypes().Where(type => typeof(IOrganizationOwned).IsAssignableFrom(type.ClrType)))
        {
            var row = Expression.Parameter(type.ClrType, "row");
            var owner = Expression.Convert(Expression.Property(row, nameof(IOrganizationOwned.OrganizationId)), typeof(Guid?));
            var mine = Expression.Property(Expression.Constant(this, typeof(GovernanceDbContext)), nameof(OrganizationId));
            type.SetQueryFilter(OrganizationFilter, Expression.Lambda(Expression.Equal(owner, mine), row));
        }
    }

    /// <summary>The last line of defence: a bug may not write into another organisation, nor rewrite a fact.</summary>
    private void RefuseForbiddenChanges()
    {
        var entries = ChangeTracker.Entries().ToList();
        var added = entries.Where(entry => entry.State == EntityState.Added).Select(entry => (entry.Entity as ISealable)?.Id).OfType<Guid>().ToHashSet();
        foreach (var entry in entries)
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted)) continue;

            if (OrganizationId is { } mine && entry.Entity is IOrganizationOwned row && row.OrganizationId != mine)
                throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} of another organisation cannot be written here.");
            if (OrganizationId is { } own && entry.Entity is Organization organization && organization.Id != own)
                throw new InvalidOperationException("Another organisation cannot be written here.");

            if (entry.Entity is IAppendOnly && entry.State != EntityState.Added)
                throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} is a fact and cannot be changed or deleted.");
            if (entry.Entity is ISealable sealable) RefuseBreakingASeal(entry, sealable, added);
        }
    }

    /// <summary>What counts is what was read, not what the bug made of it.</summary>
    private static void RefuseBreakingASeal(EntityEntry entry, ISealable sealable, HashSet<Guid> added)
    {
        if (entry.State != EntityState.Added && ((ISealable)entry.OriginalValues.ToObject()).IsSealed)
            throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} that is sealed cannot be changed or deleted.");
        if (entry.State == EntityState.Added && sealable.PartOf is { } whole && !added.Contains(whole))
            throw new InvalidOperationException($"A {entry.Metadata.ClrType.Name} can only be added together with what it is a part of.");
    }
}
