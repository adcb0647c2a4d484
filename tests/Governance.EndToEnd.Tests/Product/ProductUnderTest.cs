using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Governance.Testing.Data;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>The product as an operator runs it: a process of its own, which can be killed and started again on the same data.</summary>
public sealed class ProductUnderTest : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public ProductUnderTest(TestDatabase database, IReadOnlyDictionary<string, string?>? settings = null)
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}";
        // Tests sign in far more often from one address than people do; the limits have tests of their own.
        var all = new Dictionary<string, string?>(database.Settings)
        {
            ["RateLimits:SignIn:PerAddress:Permits"] = "10000",
            ["RateLimits:SignIn:PerCaller:Permits"] = "10000",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>()) all[key] = value;
        _settings = all;
    }

    public string Url { get; }

    public string Output => string.Join('\n', _output);

    public string DataDirectory => _settings["Data:Directory"]!;

    /// <summary>Starts it and waits until it is ready; with --demo, until the demo data is there, which on a busy machine takes its time.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        _process = Launch(["--urls", Url, .. arguments]);
        using var client = new HttpClient();
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    if (_process.HasExited) throw new InvalidOperationException($"The product ended with {_process.ExitCode}.");
                    return Output.Contains("Governance is ready", StringComparison.Ordinal) && await IsReadyAsync(client);
                },
                "the product became ready",
                TimeSpan.FromMinutes(10));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Output}", exception);
        }
    }

    /// <summary>Runs an operator's command to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Launch(arguments);
        await process.WaitForExitAsync();
        process.WaitForExit();
        return (process.ExitCode, Output);
    }

    /// <summary>Ends it without warning, as kill -9 does.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    public async Task<int> InterruptAsync()
    {
        using var signal = Process.Start("kill", ["-INT", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) Kill();
        _process?.Dispose();
        await FailedTest.SaysAsync("The product", () => Task.FromResult(Output));
    }

    public static string Metadata(string name) => Path.GetFullPath(
        typeof(ProductUnderTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!);

    private Process Launch(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Metadata("Product"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in _settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync(Url + "/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
