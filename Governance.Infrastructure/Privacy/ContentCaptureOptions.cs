using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Privacy;

/// <summary>The bounds of what is captured. Whether anything is, rules decide.</summary>
public sealed class ContentCaptureOptions
{
    public const string Section = "ContentCapture";

    /// <summary>How much is kept of a prompt, and as much of a completion, in bytes; of a longer one the beginning is kept.</summary>
    [Range(256, 256 * 1024)]
    public int MaxBytesPerSide { get; set; } = 256 * 1024;

    /// <summary>How much may wait in memory to be stored, in bytes; what comes while it is full is not kept.</summary>
    [Range(1024 * 1024, 1024 * 1024 * 1024)]
    public int MaxPendingBytes { get; set; } = 64 * 1024 * 1024;
}
