using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Whatever is filtered by, a list holds what passes and nothing else, newest first, each event once and on one page.</summary>
public sealed class AuditSearchTests : ProductTest
{
    private static readonly string[] Resources = ["team_1", "team_2", "team_3"];

    private Guid _ada;
    private string _adasToken = "";

    [Fact]
    public async Task ListAsync_EachFilterAndPairOfFilters_FindsWhatPasses()
    {
        var all = await LogAsync();
        var single = Filters(all).ToList();
        var pairs = single.SelectMany((one, i) => single.Skip(i + 1).Where(other => other.What != one.What).Select(other => (Filter: other.With(one.With(new AuditFilter())), Passes: Both(one.Passes, other.Passes))));
        foreach (var (filter, passes) in single.Select(one => (Filter: one.With(new AuditFilter()), one.Passes)).Concat(pairs))
        {
            var expected = all.Where(passes).Select(entry => entry.Id).ToList();
            var found = await FindAsync(filter, 7);
            Assert.True(expected.SequenceEqual(found), $"{filter} found {found.Count} instead of {expected.Count}, {found.Intersect(expected).Count()} of them right.");
        }
    }

    [Fact]
    public async Task ListAsync_PersonNobodyKnows_FindsNothing()
    {
        await LogAsync();
        Assert.Empty(await FindAsync(new AuditFilter { PersonId = Guid.CreateVersion7(Clock.GetUtcNow()) }, 10));
    }

    [Fact]
    public async Task ListAsync_MoreKindsThanCanBeWalked_FindsWhatPasses()
    {
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            for (var i = 0; i < 310; i++) Record(db, Tenant.Admin, "team.renamed", $"type_{i}", "x", i == 3 ? AuditOutcome.Failure : AuditOutcome.Success);
            await db.SaveChangesAsync();
        }

        var found = await Get<AuditQueries>().ListAsync(Tenant.Admin, new AuditFilter { Action = "team", Outcome = AuditOutcome.Failure }, null, 10, default);
        Assert.Equal("type_3", Assert.Single(found.Items).Event.ResourceType);
    }

    private IEnumerable<(string What, Func<AuditFilter, AuditFilter> With, Func<AuditEvent, bool> Passes)> Filters(List<AuditEvent> all)
    {
        var (middle, late) = (all[all.Count / 2].At, all[all.Count / 4].At);
        yield return ("nothing", filter => filter, _ => true);
        yield return ("time", filter => filter with { From = middle, To = late }, entry => entry.At >= middle && entry.At < late);
        yield return ("category", filter => filter with { Category = AuditCategory.Access }, entry => entry.Category == AuditCategory.Access);
        yield return ("category", filter => filter with { Category = AuditCategory.Security }, _ => false);
        yield return ("severity", filter => filter with { AtLeast = AuditSeverity.Notice }, entry => entry.Severity >= AuditSeverity.Notice);
        yield return ("severity", filter => filter with { AtLeast = AuditSeverity.Warning }, entry => entry.Severity >= AuditSeverity.Warning);
        yield return ("outcome", filter => filter with { Outcome = AuditOutcome.Denied }, entry => entry.Outcome == AuditOutcome.Denied);
        yield return ("action", filter => filter with { Action = "team.renamed" }, entry => entry.Action == "team.renamed");
        yield return ("action", filter => filter with { Action = "team" }, entry => entry.Action.StartsWith("team.", StringComparison.Ordinal));
        yield return ("type", filter => filter with { ResourceType = "person" }, entry => entry.ResourceType == "person");
        yield return ("reference", filter => filter with { ResourceRef = Resources[0] }, entry => entry.ResourceRef == Resources[0]);
        yield return ("person", filter => filter with { PersonId = _ada }, entry =>
            entry.ActorRef == _adasToken || entry.ResourceRef == _adasToken || entry.ToLeaf().Parts.Any(part => part.KeyId == _adasKey));
    }

    private Guid _adasKey;

    /// <summary>Some hundred events of all sorts, newest first as the list has them.</summary>
    private async Task<List<AuditEvent>> LogAsync()
    {
        _ada = (await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password")).Id;
        var (ada, random) = (new Actor(ActorKind.Person, _ada, Tenant.Id), new Random(5));
        await using (var db = Process.Database.ForOrganization(Tenant.Id))
        {
            for (var i = 0; i < 160; i++)
            {
                if (random.Next(3) > 0) Clock.Advance(TimeSpan.FromMilliseconds(1)); // Some share a moment.
                var actor = random.Next(3) == 0 ? ada : Tenant.Admin;
                var outcome = (AuditOutcome)random.Next(3);
                var about = random.Next(4) == 0 ? [new AboutPerson(_ada, new { i })] : Array.Empty<AboutPerson>();
                if (random.Next(2) == 0) Record(db, actor, random.Next(2) == 0 ? "team.renamed" : "teams_of.old", "team", Resources[random.Next(3)], outcome, about);
                else Record(db, actor, "person.renamed", "person", _ada.ToString("n"), outcome, about);
                await db.SaveChangesAsync();
            }
        }

        await using var reading = Process.Database.ForOrganization(Tenant.Id);
        var key = reading.DataKeys.Single(row => row.OwnerId == _ada);
        (_adasKey, _adasToken) = (key.Id, Get<DataKeys>().Open(key)!.TokenOf(Tenant.Id, _ada));
        return [.. (await RowsAsync<AuditEvent>()).OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id.ToString("n"), StringComparer.Ordinal)];
    }

    private void Record(
        Governance.Infrastructure.Data.GovernanceDbContext db, Actor actor, string action, string type, string resource, AuditOutcome outcome, params IReadOnlyList<AboutPerson> about) =>
        db.AuditDrafts.Add(new AuditDraft(Guid.CreateVersion7(Clock.GetUtcNow()), Tenant.Id, action, type, resource, outcome)
        {
            Actor = actor,
            Category = AuditCategory.Access,
            About = about,
            Severity = outcome == AuditOutcome.Success ? AuditSeverity.Info : outcome == AuditOutcome.Failure ? AuditSeverity.Notice : AuditSeverity.Warning,
        });

    private async Task<List<Guid>> FindAsync(AuditFilter filter, int size)
    {
        var (found, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await Get<AuditQueries>().ListAsync(Tenant.Admin, filter, cursor, size, default);
            found.AddRange(page.Items.Select(row => row.Event.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        return found;
    }

    private static Func<AuditEvent, bool> Both(Func<AuditEvent, bool> one, Func<AuditEvent, bool> other) => entry => one(entry) && other(entry);
}
