using Governance.Domain;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Resilience;

namespace Governance.Infrastructure.Proxy.Resilience;

/// <summary>What somebody says about a route.</summary>
/// <param name="Kind">The id of the kind of provider; a route that exists keeps the one it has.</param>
/// <param name="Model">The model that callers ask for, or a prefix that ends in a star.</param>
/// <param name="Targets">Where such calls go.</param>
/// <param name="Enabled">Whether calls follow it.</param>
public sealed record RouteDraft(string Kind, string Model, IReadOnlyList<RouteTarget> Targets, bool Enabled = true)
{
    public const int MaxTargets = 20;

    internal RouteDraft Trimmed() => this with
    {
        Model = Model.Trim(),
        Targets = [.. Targets.Select(target => target with { Connection = target.Connection.Trim(), Model = string.IsNullOrWhiteSpace(target.Model) ? null : target.Model.Trim() })],
    };

    /// <param name="kinds">The kinds of the connections there are, by their names.</param>
    /// <returns>What is wrong with it; none if nothing is.</returns>
    internal Refusal? Check(IReadOnlyDictionary<string, Provider> kinds)
    {
        if (Providers.Find(Kind) is not { Base.Length: > 0 } kind) return Refusal.Invalid(nameof(Kind), "Choose one of the kinds of providers.");
        if (Model.Length is 0 or > CallRequest.MaxModelLength || Model.Any(char.IsControl)) return Refusal.Invalid(nameof(Model), $"Use 1 to {CallRequest.MaxModelLength} characters.");
        if (Model.AsSpan()[..^1].Contains('*')) return Refusal.Invalid(nameof(Model), "'*' can only stand at the end, for every model that begins so.");
        if (Targets.Count is 0 or > MaxTargets) return Refusal.Invalid(nameof(Targets), $"Name 1 to {MaxTargets} targets.");
        if (Targets.Distinct().Count() < Targets.Count || Targets.GroupBy(target => (target.Connection, target.Model)).Any(group => group.Count() > 1))
            return Refusal.Invalid(nameof(Targets), "A target is named twice. Name each connection and model once.");
        return Targets.Select(target => Check(target, kind, kinds)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? Check(RouteTarget target, Provider kind, IReadOnlyDictionary<string, Provider> kinds)
    {
        if (!kinds.TryGetValue(target.Connection, out var spoken)) return Refusal.Invalid(nameof(Targets), $"There is no connection “{target.Connection}”.");
        if (!RoutePlanner.SpeaksAlike(kind, spoken))
            return Refusal.Invalid(nameof(Targets), $"“{target.Connection}” speaks the format of {spoken.DisplayName}, not that of {kind.DisplayName}: requests are not translated.");
        if (target.Model is { } model && (model.Length > CallRequest.MaxModelLength || model.Any(char.IsControl) || model.Contains('*')))
            return Refusal.Invalid(nameof(Targets), $"A target's model is one name of at most {CallRequest.MaxModelLength} characters, or empty for the model that was asked for.");
        if (target.Priority is < 1 or > RouteTarget.MaxPriority) return Refusal.Invalid(nameof(Targets), $"A step is a number from 1 to {RouteTarget.MaxPriority}.");
        return target.Weight is < 1 or > RouteTarget.MaxWeight ? Refusal.Invalid(nameof(Targets), $"A weight is a number from 1 to {RouteTarget.MaxWeight}.") : null;
    }
}
