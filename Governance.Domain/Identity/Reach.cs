using System.Collections.Frozen;

namespace Governance.Domain.Identity;

/// <summary>What part of its organisation somebody may act on: all of it, or these teams and applications, or nothing.</summary>
/// <param name="Everything">The whole organisation.</param>
/// <param name="Teams">These teams; those below them are listed too.</param>
/// <param name="Applications">These applications; those of the teams are listed too.</param>
public sealed record Reach(bool Everything, FrozenSet<Guid> Teams, FrozenSet<Guid> Applications)
{
    public static Reach Whole { get; } = new(true, [], []);

    public static Reach None { get; } = new(false, [], []);

    public bool IsNone => !Everything && Teams.Count == 0 && Applications.Count == 0;

    public bool Covers(AccessScope scope) => Everything || scope.Kind switch
    {
        ScopeKind.Team => scope.Id is { } team && Teams.Contains(team),
        ScopeKind.Application => scope.Id is { } application && Applications.Contains(application),
        _ => false,
    };
}
