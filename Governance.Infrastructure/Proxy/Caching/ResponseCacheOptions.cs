using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Proxy.Caching;

/// <summary>How much a process keeps of answers, where applications have them kept.</summary>
public sealed class ResponseCacheOptions
{
    public const string Section = "Proxy:ResponseCache";

    /// <summary>The largest answer that is kept, in bytes.</summary>
    [Range(1024, 32 * 1024 * 1024)]
    public int MaxEntryBytes { get; set; } = 1024 * 1024;

    /// <summary>The memory for all answers of all applications together, in bytes. When it is full, those that were not asked for the longest go first.</summary>
    [Range(1024 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxTotalBytes { get; set; } = 64 * 1024 * 1024;
}
