using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Domain.Identity;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Organizations;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Tests.Proxy;
using Governance.Testing.Audit;
using Governance.Testing.Server;
using Microsoft.EntityFrameworkCore;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>An organisation in which honest things happen at random, the same for the same seed; and an auditor who keeps what he gets.</summary>
internal sealed class HonestHistory(List<ProductProcess> processes, Func<Task<ProductProcess>> start, FakeTime clock, Tenant tenant, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<Actor> _people = [];
    private readonly List<string> _kept = [];
    private readonly List<string> _done = [];
    private int _names;

    /// <summary>What can happen, and how often. What else a log comes to know gets its step here.</summary>
    private IReadOnlyList<(int Weight, Func<Task> Step)> Steps =>
    [
        (2, PersonJoinsAsync), (4, PersonActsAsync), (3, AdministratorActsOnPersonAsync), (1, PersonIsErasedAsync),
        (3, ConfigurationChangesAsync), (2, SignInFailsAsync), (4, OtherSystemReportsAsync),
        (4, CallsAsync), (4, HeartbeatAsync), (3, TimePassesAsync),
        (3, CheckpointIsKeptAsync), (1, ExportIsMadeAsync), (1, KeyIsRotatedAsync), (2, LogIsCheckedAsync), (2, OldEntriesAreArchivedAsync),
    ];

    /// <summary>Which seed, and what happened.</summary>
    public override string ToString() => $"Seed {seed}: {string.Join(", ", _done)}";

    /// <summary>Lets something happen.</summary>
    public async Task StepAsync()
    {
        clock.Advance(TimeSpan.FromMicroseconds(_random.Next(0, 5_000_000)));
        var at = _random.Next(Steps.Sum(step => step.Weight));
        var step = Steps.First(step => (at -= step.Weight) < 0).Step;
        _done.Add(step.Method.Name);
        await step();
    }

    /// <summary>Exports a random period and has it verified against a random checkpoint of those that were kept.</summary>
    public async Task<VerifierReport> VerifyAsync(TempFolder folder)
    {
        var (end, export, older) = (clock.GetUtcNow().AddMinutes(1), folder.PathOf($"{seed}.zip"), folder.PathOf($"{seed}.checkpoint"));
        var span = end - FakeTime.DefaultStart;
        var (from, to) = (FakeTime.DefaultStart + (span * _random.NextDouble()), end);
        if (_random.Next(3) == 0) from = DateTimeOffset.UnixEpoch;
        else if (_random.Next(2) == 0) to = from + ((end - from) * _random.NextDouble()) + TimeSpan.FromMicroseconds(1);

        var plan = (await Any<AuditExport>().PlanAsync(tenant.Admin, from, to, default)).Required();
        await using (var file = File.Create(export)) await Any<AuditExport>().WriteAsync(plan, file, null, default);
        List<string> known = [export];
        if (_random.Next(3) != 0) known.AddRange(["--key", await KeyAsync()]);
        if (_kept.Count > 0)
        {
            await File.WriteAllTextAsync(older, _kept[_random.Next(_kept.Count)]);
            known.AddRange(["--older", older]);
        }

        return await AuditVerifier.RunAsync([.. known]);
    }

    /// <summary>The key that signs now, or one of before that this log was signed with.</summary>
    private async Task<string> KeyAsync()
    {
        var keys = await Any<AuditLogFiles>().KeysAsync(tenant.Admin, default);
        return keys.Verifiers[^_random.Next(1, keys.Handovers.Count + 2)].ToString();
    }

    /// <summary>A service of one of the processes.</summary>
    private T Any<T>()
        where T : notnull => processes[_random.Next(processes.Count)].Get<T>();

    private Actor? Somebody() => _people.Count == 0 ? null : _people[_random.Next(_people.Count)];

    private string Name() => $"{RandomJson.Texts[_random.Next(RandomJson.Texts.Count)].Trim()} {_names++}";

    private async Task PersonJoinsAsync()
    {
        if (_people.Count == 3) return; // Passwords are hashed slowly, as they should be.
        var person = await tenant.AddPersonAsync(processes[0].Services, $"person{_names++}.{seed}@example.test", "a long enough password");
        _people.Add(tenant.Acting(person) with { IpAddress = $"203.0.113.{_random.Next(256)}", UserAgent = "Browser" });
    }

    private async Task PersonActsAsync()
    {
        if (Somebody() is { } person) await Any<PersonLifecycleService>().RenameAsync(person, person.Id!.Value, $"Person {_names++}", default);
    }

    private async Task AdministratorActsOnPersonAsync()
    {
        if ((Somebody(), Somebody()) is ({ } administrator, { } person)) await Any<PersonLifecycleService>().RenameAsync(administrator, person.Id!.Value, $"Person {_names++}", default);
    }

    private async Task PersonIsErasedAsync()
    {
        if (_people.Count < 2 || Somebody() is not { } person) return;
        (await Any<PersonLifecycleService>().DisableAsync(tenant.Admin, person.Id!.Value, default)).Required();
        (await Any<PersonErasureService>().EraseAsync(tenant.Admin, person.Id.Value, "Their request", default)).Required();
        _people.Remove(person);
    }

    private Task ConfigurationChangesAsync() => Any<TeamService>().CreateAsync(Somebody() ?? tenant.Admin, Name(), null, default);

    private async Task SignInFailsAsync()
    {
        await using var db = processes[0].Database.ForOrganization(tenant.Id);
        Any<AuditTrail>().Record(db, tenant.Admin with { IpAddress = "198.51.100.7" }, "sign_in.failed", "session", null, outcome: AuditOutcome.Failure, reason: "unknown_person");
        await db.SaveChangesAsync();
    }

    private async Task OtherSystemReportsAsync()
    {
        var reported = new ExternalEvent
        {
            Source = "crm", Action = "deal.won", ResourceType = "deal", ResourceId = $"deal_{_names++}", Outcome = AuditOutcome.Success,
            Details = JsonDocument.Parse(RandomJson.Object(_random, depth: 3)).RootElement,
        };
        (await Any<AuditIntake>().RecordAsync(tenant.Admin, reported, null, default)).Required();
    }

    private async Task CallsAsync()
    {
        var count = _random.Next(10) == 0 ? Tile.Width : _random.Next(1, 10);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Any<CallLedger>()).ToList().Select(async (ledger, i) =>
        {
            var call = tenant.Call(clock.GetUtcNow());
            if (i % 3 == 0)
            {
                await ledger.RefuseAsync(call, new CallResult(CallOutcome.Refused, clock.GetUtcNow()) { ErrorCode = "model_not_allowed" });
                return;
            }

            await ledger.OpenAsync(call);
            await ledger.SettleAsync(call, call.Result());
        }));
    }

    private Task HeartbeatAsync()
    {
        clock.Advance(TimeSpan.FromSeconds(_random.Next(30, 180)));
        return Any<AuditHeartbeat>().RunAsync(default);
    }

    private Task TimePassesAsync()
    {
        clock.Advance(_random.Next(4) == 0 ? TimeSpan.FromDays(_random.Next(1, 40)) : TimeSpan.FromMinutes(_random.Next(1, 120)));
        return Task.CompletedTask;
    }

    private async Task CheckpointIsKeptAsync()
    {
        await Any<AuditSequencer>().CatchUpAsync(tenant.Id, default);
        _kept.Add((await Any<AuditLogFiles>().CheckpointAsync(tenant.Admin, default))!);
    }

    private async Task ExportIsMadeAsync() => (await Any<AuditExport>().PlanAsync(tenant.Admin, FakeTime.DefaultStart, clock.GetUtcNow().AddDays(1), default)).Required();

    private async Task KeyIsRotatedAsync()
    {
        await Any<AuditSequencer>().CatchUpAsync(tenant.Id, default);
        if (!(await Any<AuditKeyRotation>().RotateAsync(default)).Succeeded) return; // Another log has not taken up the present key yet.
        clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < processes.Count; i++)
        {
            await processes[i].DisposeAsync();
            processes[i] = await start();
        }

        await Any<AuditSequencer>().CatchUpAsync(tenant.Id, default);
    }

    private async Task LogIsCheckedAsync()
    {
        await Any<AuditSelfCheck>().RunAsync(default);
        await using var db = processes[0].Database.ForOrganization(tenant.Id);
        Assert.Null((await db.AuditChecks.SingleAsync()).Problem);
    }

    private Task OldEntriesAreArchivedAsync() => Any<AuditArchive>().RunAsync(default);
}
