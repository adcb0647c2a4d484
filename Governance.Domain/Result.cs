using System.Diagnostics.CodeAnalysis;

namespace Governance.Domain;

/// <summary>The outcome of a change: done, or refused with the reason a person can act on.</summary>
public readonly record struct Result(Refusal? Refusal)
{
    public static Result Ok => default;

    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    public static implicit operator Result(Refusal refusal) => new(refusal);
}

/// <summary>The outcome of a change that yields a value.</summary>
public readonly record struct Result<T>(T? Value, Refusal? Refusal)
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
