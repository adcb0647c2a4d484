namespace Governance.Web.Demo;

/// <summary>A clock that stands where it is put, for what happened before the demo was made.</summary>
internal sealed class PastClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
