using System.ComponentModel.DataAnnotations;
using Governance.Domain.Audit;

namespace Governance.Infrastructure.Audit;

/// <summary>When old entries of the audit log move into archive files. Exports, proofs and tiles read them from there.</summary>
public sealed class AuditArchiveOptions : IValidatableObject
{
    public const string Section = "Audit:Archive";

    /// <summary>How old an event is when it moves; none keeps all in the database.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan? After { get; set; }

    /// <summary>The folder of the files; by default <c>audit-archive</c> in the data directory. All processes on a database need the same one.</summary>
    public string? Directory { get; set; }

    /// <summary>How many entries a file holds: whole tiles of 256.</summary>
    [Range(Tile.Width, 65_536)]
    public int SegmentSize { get; set; } = 4096;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SegmentSize % Tile.Width != 0) yield return new ValidationResult($"{Section}:SegmentSize must be a multiple of {Tile.Width}.", [nameof(SegmentSize)]);
    }
}
