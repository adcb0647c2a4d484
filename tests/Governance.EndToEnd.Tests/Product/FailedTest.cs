namespace Governance.EndToEnd.Tests.Product;

/// <summary>What the parts of a test knew when it failed, in its output: a race that shows once in a hundred runs leaves nothing else behind.</summary>
public static class FailedTest
{
    private const int MostCharacters = 20_000;

    /// <summary>Adds what a part says, its last characters if that is much; nothing where the test passed or is not over.</summary>
    public static async Task SaysAsync(string part, Func<Task<string>> says)
    {
        if (TestContext.Current is not { TestState.Result: TestResult.Failed, TestOutputHelper: { } output }) return;
        string text;
        try
        {
            text = await says();
        }
        catch (Exception exception)
        {
            text = $"It could not be asked: {exception.Message}"; // The failure itself must not be hidden by another.
        }

        output.WriteLine($"--- {part}\n{(text.Length > MostCharacters ? text[^MostCharacters..] : text)}");
    }
}
