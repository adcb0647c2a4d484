using Governance.Domain;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit;

namespace Governance.Bench;

/// <summary>
/// Makes events such as an organisation of some hundred people and twenty keys has in a season: nine of ten are proxied calls, the rest
/// people who sign in, read and change things. What they say is sealed as the product seals it, so that an export of them verifies.
/// </summary>
internal sealed class AuditSeed
{
    private const int Batch = 20_000;

    private static readonly string[] Models = ["gpt-5-mini", "gpt-5", "claude-sonnet-4-5", "gemini-2.5-flash"];

    private static readonly (string Action, string Type)[] Changes =
        [("key.created", "key"), ("key.revoked", "key"), ("role.granted", "grant"), ("price.added", "price"), ("organization.changed", "organization"), ("export.created", "audit_log")];

    private readonly AuditedProduct _product;
    private readonly Random _random = new(7);
    private readonly DataKey _ours;
    private readonly IReadOnlyList<(Guid Id, DataKey Key, string Token)> _people;

    private AuditSeed(AuditedProduct product, DataKey ours, IReadOnlyList<(Guid Id, DataKey Key, string Token)> people) =>
        (_product, _ours, _people) = (product, ours, people);

    /// <summary>The keys that call, the busiest first.</summary>
    public IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(1, 20).Select(i => PublicId.Format(PublicId.Key, new Guid(i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))];

    /// <summary>What one event alone did, at the very beginning: <see cref="OldAction"/> of this actor to this resource.</summary>
    public static string OldRef { get; } = PublicId.Format(PublicId.Key, new Guid(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

    public const string OldAction = "token.reused";

    public static async Task<AuditSeed> CreateAsync(AuditedProduct product, CancellationToken cancellation)
    {
        await using var db = product.Database.ForOrganization(product.OrganizationId);
        var keys = product.Get<DataKeys>();
        var ours = await keys.GetAsync(db, product.OrganizationId, DataKeyOwner.Organization, product.OrganizationId, cancellation);
        var people = new List<(Guid, DataKey, string)>();
        foreach (var person in product.People)
        {
            var key = await keys.GetAsync(db, product.OrganizationId, DataKeyOwner.Person, person, cancellation);
            people.Add((person, key!, key!.TokenOf(product.OrganizationId, person)));
        }

        await db.SaveChangesAsync(cancellation);
        return new AuditSeed(product, ours!, people);
    }

    /// <summary>Inserts events without places, spread evenly over a time, in its order.</summary>
    public async Task InsertAsync(int count, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        for (var done = 0; done < count; done += Batch)
        {
            var made = Make(Math.Min(Batch, count - done), i => from + ((to - from) * ((double)(done + i) / count)), withOld: done == 0);
            await InsertAsync(made, cancellation);
        }
    }

    public async Task InsertAsync(Made made, CancellationToken cancellation)
    {
        await using var db = _product.Database.ForOrganization(_product.OrganizationId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        await BulkRows.InsertAsync(db, made.Events, null, cancellation);
        await BulkRows.InsertAsync(db, made.Parts, null, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Made Make(int count, Func<int, DateTimeOffset> at, bool withOld = false)
    {
        var made = new Made([], []);
        for (var i = 0; i < count; i++)
        {
            var moment = at(i);
            moment = moment.AddTicks(-(moment.Ticks % TimeSpan.TicksPerMicrosecond));
            if (withOld && i == 0) Add(made, moment, AuditActorKind.Key, OldRef, OldAction, "key", OldRef, AuditOutcome.Denied, (_ours, new() { ["why"] = "first" }));
            else if (_random.Next(10) < 9) AddCall(made, moment);
            else AddOther(made, moment);
        }

        return made;
    }

    private void AddCall(Made made, DateTimeOffset at)
    {
        var (lot, id) = (_random.Next(1000), Guid.CreateVersion7(at));
        var (action, outcome) = lot < 965 ? ("call.succeeded", AuditOutcome.Success) : lot < 990 ? ("call.failed", AuditOutcome.Failure) : ("call.refused", AuditOutcome.Denied);
        var key = Keys[(int)(Math.Pow(_random.NextDouble(), 3) * Keys.Count)];
        Add(made, at, AuditActorKind.Key, key, action, "call", PublicId.Format(PublicId.Request, id), outcome, (_ours, new()
        {
            ["provider"] = "openai",
            ["model"] = Models[_random.Next(Models.Length)],
            ["inputTokens"] = _random.NextInt64(50, 8000),
            ["outputTokens"] = _random.NextInt64(5, 2000),
            ["costNanoUsd"] = _random.NextInt64(10_000, 90_000_000),
            ["provenance"] = "reported",
            ["status"] = outcome == AuditOutcome.Success ? 200 : 502,
        }), id);
    }

    private void AddOther(Made made, DateTimeOffset at)
    {
        var (person, lot) = (_people[_random.Next(_people.Count)], _random.Next(100));
        var self = (person.Key, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["person"] = person.Id.ToString("n"),
            ["ip"] = $"192.0.2.{_random.Next(256)}",
            ["userAgent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        });
        if (lot < 70)
        {
            var outcome = lot < 63 ? AuditOutcome.Success : AuditOutcome.Failure;
            Add(made, at, AuditActorKind.Person, person.Token, outcome == AuditOutcome.Success ? "sign_in.succeeded" : "sign_in.failed", "person", person.Token, outcome, self);
            return;
        }

        if (lot < 80)
        {
            var (other, name) = (_people[_random.Next(_people.Count)], $"Renamed {_random.Next(1000)}");
            Add(made, at, AuditActorKind.Person, person.Token, "person.renamed", "person", other.Token, AuditOutcome.Success, self, (other.Key, new() { ["name"] = name }));
            return;
        }

        var change = Changes[_random.Next(Changes.Length)];
        Add(made, at, AuditActorKind.Person, person.Token, change.Action, change.Type, Keys[_random.Next(Keys.Count)], AuditOutcome.Success, self, (_ours, new() { ["name"] = "bench" }));
    }

    private void Add(
        Made made, DateTimeOffset at, AuditActorKind kind, string actor, string action, string type, string resource, AuditOutcome outcome,
        params ReadOnlySpan<(DataKey Key, Dictionary<string, object?> Payload)> parts) =>
        Add(made, at, kind, actor, action, type, resource, outcome, parts, Guid.CreateVersion7(at));

    private void Add(
        Made made, DateTimeOffset at, AuditActorKind kind, string actor, string action, string type, string resource, AuditOutcome outcome,
        (DataKey Key, Dictionary<string, object?> Payload) part, Guid id) => Add(made, at, kind, actor, action, type, resource, outcome, [part], id);

    private void Add(
        Made made, DateTimeOffset at, AuditActorKind kind, string actor, string action, string type, string resource, AuditOutcome outcome,
        ReadOnlySpan<(DataKey Key, Dictionary<string, object?> Payload)> parts, Guid id)
    {
        var commitments = new List<PartCommitment>();
        foreach (var (key, payload) in parts)
        {
            var part = key.Seal(id, commitments.Count, CanonicalJson.WriteBytes(payload));
            made.Parts.Add(new AuditPart { EventId = id, Number = commitments.Count, OrganizationId = _product.OrganizationId, KeyId = key.Id, Ciphertext = part.Ciphertext });
            commitments.Add(part.Commitment);
        }

        made.Events.Add(new AuditEvent
        {
            Id = id,
            OrganizationId = _product.OrganizationId,
            At = at,
            ActorKind = kind,
            ActorRef = actor,
            Action = action,
            Category = AuditCatalog.CategoryOf(action),
            Severity = AuditCatalog.SeverityOf(action, outcome),
            Outcome = outcome,
            ResourceType = type,
            ResourceRef = resource,
            Request = id.ToString("n"),
            Commitments = AuditEvent.CommitmentsOf(commitments),
        });
    }

    /// <summary>Events that are not inserted yet, and what they say.</summary>
    internal sealed record Made(List<AuditEvent> Events, List<AuditPart> Parts);
}
