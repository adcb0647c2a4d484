namespace Governance.Web.Tests.Proxy;

/// <summary>The same with a clock that stands still, so that a time limit ends when the test says so.</summary>
public sealed class StandingClockFixture : ProxyFixture
{
    public FakeTime Clock { get; } = new();

    protected override TimeProvider Time => Clock;

    /// <summary>A clock that moves by minutes at once leaves no time to say that the process lives.</summary>
    protected override Dictionary<string, string?> Settings => new(base.Settings) { ["Processes:DeadAfter"] = "01:00:00" };
}
