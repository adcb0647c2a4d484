using System.Text.Json;
using Governance.Domain.Audit;
using Governance.Infrastructure.Audit.Anchors;
using Governance.Testing.Upstream;

namespace Governance.Infrastructure.Tests.Audit.Anchors;

public sealed class WebhookAnchorTests : AnchorTest
{
    private StubUpstream _receiver = null!;

    protected override async Task<Dictionary<string, string?>> SettingsAsync()
    {
        _receiver = await StubUpstream.StartAsync(Replies.Json(""));
        return new() { ["Audit:Anchors:Webhooks:0"] = _receiver.Url + "/checkpoints?token=secret" };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Run_ReceiverDownAndBack_PostsTheSameUnderTheSameKey()
    {
        var checkpoint = await GrowAsync();
        _receiver.Enqueue(Replies.Json("", 503));
        await RunJobAsync();
        await RunAfterAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, _receiver.Received.Count);
        Assert.Equal("/checkpoints?token=secret", _receiver.Received[0].Path);
        Assert.Equal($"{Tenant.Id:n}-{checkpoint.Size}", Assert.Single(_receiver.Received.Select(request => request.Headers["Idempotency-Key"]).Distinct()));
        var posted = JsonDocument.Parse(_receiver.Received[1].Body).RootElement;
        Assert.Equal(AuditLeaf.OriginOf(Tenant.Id), posted.GetProperty("log").GetString());
        Assert.Equal(checkpoint.Size, posted.GetProperty("size").GetInt64());
        Assert.Equal(Convert.ToBase64String(checkpoint.Root), posted.GetProperty("root").GetString());
        Assert.Equal(checkpoint.Note, posted.GetProperty("checkpoint").GetString());
        Assert.Equal(_receiver.Url + "/checkpoints", Assert.Single(await RowsAsync<AuditDeposit>()).Target);
    }

    [Fact]
    public async Task Run_RedirectOrEndlessAnswer_IsAFailure()
    {
        await GrowAsync();
        _receiver.Enqueue(Replies.Json("", 302, ("Location", _receiver.Url + "/elsewhere")));
        await RunJobAsync();
        Assert.Contains("302", (await StateAsync()).Error, StringComparison.Ordinal);
        Assert.Single(_receiver.Received);

        _receiver.Enqueue(Replies.Bytes(new byte[100_000]));
        await RunAfterAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("longer than", (await StateAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ReceiverThatSaysNothing_IsGivenUpAfterTheTimeout()
    {
        await GrowAsync();
        var gate = new Gate();
        _receiver.Enqueue(gate.PassAsync);
        var run = RunJobAsync();
        await gate.Reached;
        Clock.Advance(TimeSpan.FromSeconds(11));
        await run;
        gate.Open();
        Assert.Contains("within 10 s", (await StateAsync()).Error, StringComparison.Ordinal);
    }
}
