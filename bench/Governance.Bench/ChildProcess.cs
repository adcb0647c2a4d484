using System.Diagnostics;

namespace Governance.Bench;

/// <summary>A process that is measured; it ends with this object.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <summary>The memory it has at the moment, in MiB: the working set.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024.0 * 1024);
        }
    }

    /// <summary>The most memory it has had at once, in MiB: the kernel's own high-water mark of the working set.</summary>
    public double PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / (1024.0 * 1024);
        }
    }

    /// <summary>The time it has had of processors.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program and waits for the line that tells its address.</summary>
    public static Task<ChildProcess> StartAsync(string assembly, string[] arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation) =>
        StartProgramAsync("dotnet", [assembly, .. arguments], environment, cancellation);

    /// <inheritdoc cref="StartAsync"/>
    public static async Task<ChildProcess> StartProgramAsync(string program, string[] arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = process.StandardOutput.ReadToEndAsync(cancellation);
                return new ChildProcess(process, new Uri(line[at..].Split('\e')[0].Trim()).GetLeftPart(UriPartial.Authority));
            }
        }

        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended before it listened.");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
