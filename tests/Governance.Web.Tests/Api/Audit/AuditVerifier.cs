using System.Diagnostics;

namespace Governance.Web.Tests.Api.Audit;

/// <summary>Runs tools/verify-audit.mjs, as an auditor would.</summary>
internal static class AuditVerifier
{
    /// <returns>What it said; the test fails unless every verdict was good.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Script(), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
        return await output;
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tools", "verify-audit.mjs");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException("tools/verify-audit.mjs is in no folder above the tests.");
    }
}
