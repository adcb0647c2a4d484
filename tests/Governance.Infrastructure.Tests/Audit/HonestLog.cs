using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Data;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>
/// Two organisations with honest logs, made by the product's own services once; each attack gets a copy. The first has more entries than a
/// tile, with changes by people, an erasure, calls and heartbeats.
/// </summary>
public sealed class HonestLog : IAsyncLifetime
{
    /// <summary>As many as a tile has hashes, so that one tile is full and one is not.</summary>
    private const int Calls = Tile.Width;

    private const string Password = "a long enough password";

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>The organisation whose log is attacked.</summary>
    public Tenant Mine { get; private set; } = null!;

    public Tenant Theirs { get; private set; } = null!;

    /// <summary>Where the honest clock stands.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The newest checkpoint, which an auditor keeps.</summary>
    public string Checkpoint { get; private set; } = "";

    /// <summary>The key that signed it, as the auditor has it from the operator.</summary>
    public VerifierKey Key { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync();
        await using var process = await new ProductProcess(Database).StartAsync();
        Mine = await Tenant.CreateAsync(process.Services);
        Theirs = await Tenant.CreateAsync(process.Services);
        await PeopleAsync(process);
        await CallsAsync(process, Calls);
        await CallsAsync(process, 3);
        foreach (var tenant in new[] { Mine, Theirs }) await process.Get<AuditSequencer>().CatchUpAsync(tenant.Id, default);

        Checkpoint = (await process.Get<AuditLogFiles>().CheckpointAsync(Mine.Admin, default))!;
        Key = Assert.Single((await process.Get<AuditLogFiles>().KeysAsync(Mine.Admin, default)).Verifiers);
        Now = process.Clock.GetUtcNow();
    }

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    /// <summary>A copy with a running product.</summary>
    public Task<AttackedLog> OpenAsync() => AttackedLog.OpenAsync(this);

    private async Task PeopleAsync(ProductProcess process)
    {
        var officer = await Mine.AddPersonAsync(process.Services, "officer@example.test", Password, Roles.ComplianceOfficer);
        var ada = Mine.Acting(await Mine.AddPersonAsync(process.Services, "ada@example.test", Password)) with { IpAddress = "203.0.113.7" };
        var zoe = Mine.Acting(await Mine.AddPersonAsync(process.Services, "zoe@example.test", Password)) with { IpAddress = "203.0.113.77" };
        var people = process.Get<PersonLifecycleService>();
        foreach (var name in new[] { "Zoe Q.", "Zoe Quartermain" })
        {
            process.Clock.Advance(TimeSpan.FromMinutes(7));
            (await people.RenameAsync(zoe, zoe.Id!.Value, name, default)).Required();
            (await people.RenameAsync(ada, zoe.Id.Value, "Z. " + name, default)).Required();
            (await process.Get<TeamService>().CreateAsync(ada, "Team of " + name, null, default)).Required();
            (await process.Get<TeamService>().CreateAsync(Theirs.Admin, "Team of " + name, null, default)).Required();
        }

        (await people.DisableAsync(ada, zoe.Id!.Value, default)).Required();
        (await process.Get<PersonErasureService>().EraseAsync(await Mine.SignedInAsync(process.Services, officer), zoe.Id.Value, "Their request", default)).Required();
    }

    private async Task CallsAsync(ProductProcess process, int count)
    {
        process.Clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => process.Get<CallLedger>().RefuseAsync(
            Mine.Call(process.Clock.GetUtcNow()), new CallResult(CallOutcome.Refused, process.Clock.GetUtcNow()) { ErrorCode = "model_not_allowed" })));
        process.Clock.Advance(TimeSpan.FromMinutes(2));
        await process.Get<AuditHeartbeat>().RunAsync(default);
    }
}
