using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Infrastructure.Audit;
using Governance.Infrastructure.Proxy;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Calls have one leaf each, and heartbeats count them without a gap.</summary>
public sealed class AuditHeartbeatTests : ProductTest
{
    private AuditHeartbeat Heartbeat => Get<AuditHeartbeat>();

    [Fact]
    public async Task Run_AfterCalls_CountsEachOnceAndBeginsWhereTheLastEnded()
    {
        await CallAsync(3);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Heartbeat.RunAsync(default);
        await Heartbeat.RunAsync(default); // Nothing new: nothing is said.
        await CallAsync(2);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Heartbeat.RunAsync(default);

        var events = await EventsAsync();
        Assert.Equal(5, events.Count(entry => entry.Action == "call.refused"));
        var beats = events.Where(entry => entry.Action == AuditHeartbeat.Action).Select(entry => JsonDocument.Parse(entry.Details!).RootElement).ToList();
        Assert.Equal([3, 2], beats.Select(beat => beat.GetProperty("leaves").GetInt64()));
        Assert.All(beats, beat => Assert.Equal(beat.GetProperty("leaves").GetInt64(), beat.GetProperty("calls").GetInt64()));
        Assert.All(beats, beat => Assert.Equal(beat.GetProperty("leaves").GetInt64(), beat.GetProperty("entries").GetInt64()));
        Assert.Equal(beats[0].GetProperty("to").GetString(), beats[1].GetProperty("from").GetString());
    }

    [Fact]
    public async Task Run_WithoutCalls_SpeaksOnceADay()
    {
        Clock.Advance(TimeSpan.FromHours(2));
        await Heartbeat.RunAsync(default);
        Assert.DoesNotContain(await EventsAsync(), entry => entry.Action == AuditHeartbeat.Action);
        Clock.Advance(TimeSpan.FromHours(23));
        await Heartbeat.RunAsync(default);
        Assert.Single(await EventsAsync(), entry => entry.Action == AuditHeartbeat.Action);
    }

    private async Task CallAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var now = Clock.GetUtcNow();
            var call = new Call
            {
                Id = Guid.CreateVersion7(now),
                OrganizationId = Tenant.Id,
                StartedAt = now,
                Day = DateOnly.FromDateTime(now.DateTime),
                Provider = "openai",
                Source = CallSource.Proxy,
            };
            await Get<CallLedger>().RefuseAsync(call, new CallResult(CallOutcome.Refused, now) { ErrorCode = "model_not_allowed" });
        }
    }
}
