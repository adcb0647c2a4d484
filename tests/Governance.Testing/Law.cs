using FsCheck;
using FsCheck.Fluent;

namespace Governance.Testing;

/// <summary>Checks that something holds for many made-up values; a failure prints the value and the seed to repeat it with.</summary>
public static class Law
{
    /// <param name="values">What to try.</param>
    /// <param name="law">Throws where the law is broken.</param>
    /// <param name="small">How many values in a usual run.</param>
    /// <param name="large">How many in a long one.</param>
    public static void Holds<T>(Gen<T> values, Action<T> law, int small = 300, int large = 20_000) =>
        Prop.ForAll(values.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(TestScale.Cases(small, large)));
}
