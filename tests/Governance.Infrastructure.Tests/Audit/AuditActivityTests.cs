using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Counting by day: of the organisation's zone, also where its clocks change, each event once.</summary>
public sealed class AuditActivityTests : ProductTest
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public async Task ActivityAsync_AroundMidnightAndChangesOfTheClock_CountsTheZonesDays()
    {
        // The clocks of Berlin went forward on 31 March 2030 at 01:00 UTC and back on 27 October at 01:00 UTC.
        string[] moments =
        [
            "2030-03-30T22:59:59.999999Z", "2030-03-30T23:00:00Z", "2030-03-31T00:59:59Z", "2030-03-31T01:00:00Z", "2030-03-31T21:59:59.999999Z", "2030-03-31T22:00:00Z",
            "2030-10-26T21:59:59Z", "2030-10-26T22:00:00Z", "2030-10-27T22:59:59.999999Z", "2030-10-27T23:00:00Z",
        ];
        foreach (var moment in moments) await RecordAsync(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));
        var filter = new AuditFilter { From = DateTimeOffset.Parse("2030-03-01T00:00Z", System.Globalization.CultureInfo.InvariantCulture), Action = "team.renamed" };

        var counted = await Get<AuditQueries>().ActivityAsync(Tenant.Admin, filter, Berlin, default);
        (DateOnly, long)[] expected = [(new(2030, 3, 30), 1), (new(2030, 3, 31), 4), (new(2030, 4, 1), 1), (new(2030, 10, 26), 1), (new(2030, 10, 27), 2), (new(2030, 10, 28), 1)];
        Assert.Equal(expected, counted.Select(day => (day.Day, day.Events)));
    }

    [Theory]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/St_Johns")]
    [InlineData("UTC")]
    public async Task ActivityAsync_AllFilters_CountsWhatTheListHolds(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var ada = await Tenant.AddPersonAsync(Process.Services, "ada@example.test", "a long enough password");
        for (var i = 0; i < 30; i++) await RecordAsync(Clock.GetUtcNow() + TimeSpan.FromHours(5), i % 3 == 0 ? Tenant.Acting(ada) : Tenant.Admin, i % 2 == 0 ? ada.Id : null);
        AuditFilter[] filters = [new(), new() { PersonId = ada.Id }, new() { AtLeast = AuditSeverity.Warning }, new() { ResourceType = "team", ResourceRef = "team_1" }, new() { Category = AuditCategory.Security }];
        foreach (var filter in filters)
        {
            var listed = (await Get<AuditQueries>().ListAsync(Tenant.Admin, filter, null, 500, default)).Items
                .CountBy(row => (Day: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(row.Event.At, zone).DateTime), row.Event.Severity))
                .Select(day => new AuditDay(day.Key.Day, day.Key.Severity, day.Value)).OrderBy(day => day.Day).ThenBy(day => day.Severity);
            Assert.Equal(listed, await Get<AuditQueries>().ActivityAsync(Tenant.Admin, filter, zone, default));
        }
    }

    private Task RecordAsync(DateTimeOffset at) => RecordAsync(at, Tenant.Admin, null);

    private async Task RecordAsync(DateTimeOffset at, Actor actor, Guid? person)
    {
        Clock.Advance(at - Clock.GetUtcNow());
        await using var db = Process.Database.ForOrganization(Tenant.Id);
        var outcome = person is null ? AuditOutcome.Failure : AuditOutcome.Success;
        Get<AuditTrail>().Record(db, actor, "team.renamed", person is null ? "team" : "person", person?.ToString("n") ?? "team_1", outcome: outcome);
        await db.SaveChangesAsync();
    }
}
