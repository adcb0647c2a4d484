using System.Data.Common;
using System.Text;
using Governance.Domain;
using Governance.Domain.Identity;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>After a person was erased nothing says who they were, and the log still verifies.</summary>
public sealed class PersonErasureTests : ProductTest
{
    private const string Name = "Zebulon Quartermain";
    private const string Email = "zebulon.quartermain@example.test";
    private const string Address = "203.0.113.77";

    private Actor _officer = null!;
    private Guid _person;

    [Fact]
    public async Task EraseAsync_PersonWhoActedAndWasActedOn_IsNowhereAnyMoreAndEverythingVerifies()
    {
        await PersonWithAPastAsync();
        Assert.NotEmpty(await WhereAsync(Name));
        Assert.NotEmpty(await WhereAsync(Email));

        var refused = await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default);
        Assert.Equal(RefusalKind.Conflict, refused.Refusal?.Kind);
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, _person, default)).Required();
        (await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default)).Required();

        foreach (var trace in new[] { Name, "Quartermain", Email, Email.ToUpperInvariant(), Address }) Assert.Empty(await WhereAsync(trace));
        var erased = Assert.Single((await EventsAsync()), entry => entry.Action == "subject.erased");
        Assert.Equal(_officer.Id, erased.ActorId);

        var found = 0;
        foreach (var entry in await RowsAsync<AuditEvent>())
        {
            var proof = (await Get<AuditProofs>().ProveAsync(Tenant.Admin, entry.Id, default)).Required();
            Assert.True(proof.IsGood);
            if (proof.Parts.Any(part => part is { Json: null, ErasedAt: not null })) found++;
        }

        Assert.True(found >= 3);
        Assert.Empty((await Get<AuditQueries>().ListAsync(Tenant.Admin, new AuditFilter { PersonId = _person }, null, 50, default)).Items);
    }

    [Fact]
    public async Task EraseAsync_Again_IsRefused()
    {
        await PersonWithAPastAsync();
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, _person, default)).Required();
        (await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default)).Refusal?.Kind);
    }

    [Fact]
    public async Task EraseAsync_WithoutARecentProof_IsRefused()
    {
        await PersonWithAPastAsync();
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, _person, default)).Required();
        Clock.Advance(SessionService.ProofLifetime);
        Assert.Equal(RefusalKind.ProofNeeded, (await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default)).Refusal?.Kind);
    }

    [Fact]
    public async Task Person_AfterTheirErasure_IsShownAsErasedWithItsEntryAndNeverComesBack()
    {
        await PersonWithAPastAsync();
        Assert.Null((await Get<PeopleQueries>().FindAsync(Tenant.Admin, _person, default))!.Erased);
        (await Get<PersonLifecycleService>().DisableAsync(Tenant.Admin, _person, default)).Required();
        (await Get<PersonErasureService>().EraseAsync(_officer, _person, "Their request", default)).Required();

        var erased = (await Get<PeopleQueries>().FindAsync(Tenant.Admin, _person, default))!.Erased!;
        Assert.Equal(Clock.GetUtcNow(), erased.At);
        var erasure = Assert.Single(await Get<AuditLogQueries>().ErasuresAsync(Tenant.Admin, [erased.KeyId, Guid.Empty], default));
        Assert.Equal(erased.KeyId, erasure.KeyId);
        Assert.Equal("subject.erased", (await Get<AuditQueries>().FindAsync(Tenant.Admin, erasure.EventId, default))!.Leaf.Action);
        Assert.Equal(RefusalKind.Conflict, (await Get<PersonLifecycleService>().EnableAsync(Tenant.Admin, _person, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Conflict, (await Get<PersonLifecycleService>().RenameAsync(Tenant.Admin, _person, Name, default)).Refusal?.Kind);
    }

    private async Task PersonWithAPastAsync()
    {
        _officer = await Tenant.SignedInAsync(Process.Services, await Tenant.AddPersonAsync(Process.Services, "officer@example.test", "a long enough password", Roles.ComplianceOfficer));
        await Tenant.AddPersonAsync(Process.Services, "other.admin@example.test", "a long enough password");
        _person = (await Tenant.AddPersonAsync(Process.Services, Email, "a long enough password")).Id;
        var theirs = new Actor(ActorKind.Person, _person, Tenant.Id, null, null, Address, "Browser of theirs");
        (await Get<PersonLifecycleService>().RenameAsync(theirs, _person, Name, default)).Required();
        (await Get<PersonLifecycleService>().RenameAsync(Tenant.Admin, _person, "Z. Quartermain", default)).Required();
        (await Get<PersonLifecycleService>().RenameAsync(Tenant.Admin, _person, Name, default)).Required();
    }

    /// <summary>The tables and columns in which a text stands.</summary>
    private Task<List<string>> WhereAsync(string text) => QueryAsync(async db =>
    {
        var places = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct())
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    var value = reader.GetValue(i) switch { byte[] bytes => Encoding.Latin1.GetString(bytes), var other => other.ToString() ?? "" };
                    if (value.Contains(text, StringComparison.Ordinal)) places.Add($"{table}.{reader.GetName(i)}");
                }
            }
        }

        return places;
    });
}
