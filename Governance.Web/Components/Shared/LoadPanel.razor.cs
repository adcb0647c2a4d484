using Governance.Infrastructure.Costs;
using Microsoft.AspNetCore.Components;

namespace Governance.Web.Components.Shared;

/// <summary>
/// Asks a question whenever it changes and shows the answer. The old answer stays, dimmed, until the new one is there; a
/// question that is no longer asked is cancelled.
/// </summary>
public sealed partial class LoadPanel<T>(ILogger<LoadPanel<T>> logger)
{
    private CancellationTokenSource _asking = new();
    private object? _asked;
    private bool _loading;
    private bool _failed;
    private bool _disposed;
    private string _message = "";
    private T? _value;

    /// <summary>What is asked, compared by value; the answer is loaded anew when it differs.</summary>
    [Parameter, EditorRequired]
    public object Question { get; set; } = default!;

    [Parameter, EditorRequired]
    public Func<CancellationToken, Task<T>> Load { get; set; } = default!;

    /// <summary>What is loaded, at the start of a sentence.</summary>
    [Parameter]
    public string Subject { get; set; } = "This";

    /// <summary>The height of the default skeleton, so that nothing jumps.</summary>
    [Parameter]
    public string Height { get; set; } = "16rem";

    [Parameter]
    public Func<T, bool>? IsEmpty { get; set; }

    [Parameter]
    public RenderFragment? Empty { get; set; }

    [Parameter]
    public RenderFragment? Skeleton { get; set; }

    [Parameter, EditorRequired]
    public RenderFragment<T> ChildContent { get; set; } = default!;

    protected override Task OnParametersSetAsync()
    {
        if (Question.Equals(_asked)) return Task.CompletedTask;
        _asked = Question;
        return RefreshAsync();
    }

    /// <summary>Asks the same question again.</summary>
    public async Task RefreshAsync()
    {
        if (_disposed) return;
        await _asking.CancelAsync();
        _asking.Dispose();
        _asking = new CancellationTokenSource();
        var token = _asking.Token;
        (_loading, _failed) = (true, false);
        try
        {
            var value = await Load(token);
            if (!token.IsCancellationRequested) (_value, _loading) = (value, false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Another question is being asked, or the page is gone.
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogFailed(logger, Subject, exception);
            (_failed, _loading) = (true, false);
            _message = exception is TooManyGroupsException ? exception.Message : "The database did not answer as expected. Nothing is lost.";
        }

        if (!_disposed) StateHasChanged();
    }

    public void Dispose()
    {
        _disposed = true;
        _asking.Cancel();
        _asking.Dispose();
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Subject} could not be loaded for a page.")]
    private static partial void LogFailed(ILogger logger, string subject, Exception exception);
}
