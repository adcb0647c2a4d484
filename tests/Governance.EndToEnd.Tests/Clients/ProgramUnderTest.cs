using System.Diagnostics;

namespace Governance.EndToEnd.Tests.Clients;

/// <summary>Runs another program to its end.</summary>
internal static class ProgramUnderTest
{
    /// <summary>What it prints; a failure tells what it complained of.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}
