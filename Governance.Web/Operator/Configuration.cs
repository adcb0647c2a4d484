using Microsoft.Extensions.Options;

namespace Governance.Web.Operator;

/// <summary>Tells the operator what is wrong with the configuration, all of it at once.</summary>
internal static class Configuration
{
    private const int ExitCode = 2;

    /// <summary>What is wrong, if that is what an exception is about.</summary>
    public static IReadOnlyList<string>? Failures(Exception exception) => exception switch
    {
        OptionsValidationException one => [.. one.Failures],
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            [.. several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)],
        _ => null,
    };

    public static async Task<int> ReportAsync(IReadOnlyList<string> failures)
    {
        foreach (var failure in failures) await Console.Error.WriteLineAsync($"Configuration: {failure}");
        return ExitCode;
    }
}
