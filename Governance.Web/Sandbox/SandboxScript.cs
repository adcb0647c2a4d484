using System.Globalization;
using System.Text.RegularExpressions;

namespace Governance.Web.Sandbox;

/// <summary>
/// What goes wrong on demand. A prompt that contains <c>[sandbox:error=429]</c> is answered with that status, <c>[sandbox:stream-error]</c> with
/// an error in the middle of the stream, <c>[sandbox:cut]</c> with a connection that breaks there, <c>[sandbox:no-usage]</c> without usage.
/// </summary>
/// <param name="Status">An error's status; none if the answer begins well.</param>
/// <param name="FailsInStream">An error comes after half of the stream.</param>
/// <param name="Cuts">The connection breaks after half of the answer.</param>
/// <param name="HidesUsage">The answer has no usage.</param>
internal sealed partial record SandboxScript(int? Status, bool FailsInStream, bool Cuts, bool HidesUsage)
{
    public static SandboxScript Of(string prompt)
    {
        var status = ErrorStatus().Match(prompt);
        return new SandboxScript(
            status.Success ? int.Parse(status.Groups["status"].Value, CultureInfo.InvariantCulture) : null,
            prompt.Contains("[sandbox:stream-error]", StringComparison.Ordinal),
            prompt.Contains("[sandbox:cut]", StringComparison.Ordinal),
            prompt.Contains("[sandbox:no-usage]", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\[sandbox:error=(?<status>[45]\d\d)\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorStatus();
}
