using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>How passwords are checked.</summary>
public sealed class PasswordsOptions
{
    public const string Section = "Passwords";

    /// <summary>
    /// A file of passwords known from breaches, of which none may be chosen: lines <c>SHA-1:count</c> sorted by hash, as the downloader of
    /// Have I Been Pwned writes it. It is searched on disk, never loaded; it may be replaced while the program runs. None by default.
    /// </summary>
    public string? BreachList { get; set; }

    /// <summary>How many passwords are hashed at once, each with 19 MiB. By default half the processors, between 1 and 8.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    /// <summary>How many may wait for that; whoever comes then is told that sign-in is busy.</summary>
    [Range(1, 10_000)]
    public int QueueLength { get; set; } = 256;

    /// <summary>How long one may wait before being told so.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
