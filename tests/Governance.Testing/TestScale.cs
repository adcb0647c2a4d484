namespace Governance.Testing;

/// <summary>Small counts for every change, large ones for <c>./test.sh --long</c>.</summary>
public static class TestScale
{
    public static bool Long { get; } = Environment.GetEnvironmentVariable("GOVERNANCE_TEST_LONG") == "1";

    public static int Cases(int small, int large) => Long ? large : small;
}
