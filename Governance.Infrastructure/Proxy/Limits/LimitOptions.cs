using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Proxy.Limits;

/// <summary>How limits are counted. The limits themselves are on the Limits page.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>How often several processes on one PostgreSQL tell each other what they use.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:01")]
    public TimeSpan ExchangeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many keys, persons or addresses of an organisation are counted one by one in a process; further ones are counted together.</summary>
    [Range(100, 10_000_000)]
    public int MaxCounters { get; set; } = 20_000;
}
