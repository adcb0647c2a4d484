using Governance.Infrastructure.Identity.Import;
using Governance.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace Governance.Web.Components.Pages.People;

/// <summary>Invites many people from a file: read, preview, confirm.</summary>
public sealed partial class ImportPage : IDisposable
{
    private ElementReference _text;
    private byte[] _content = [];
    private ImportPreview? _preview;
    private string? _refusal;
    private bool _pasted;
    private bool _busy;
    private bool _gone;
    private int _total;
    private int _done;
    private int? _imported;

    [CascadingParameter]
    private Viewer Viewer { get; set; } = default!;

    private async Task UploadAsync(InputFileChangeEventArgs change)
    {
        _pasted = false;
        if (change.File.Size > PeopleFile.MaxBytes)
        {
            _refusal = $"{change.File.Name} is larger than 1 MB. Import it in parts.";
            return;
        }

        await using var stream = change.File.OpenReadStream(PeopleFile.MaxBytes);
        await PreviewAsync(stream);
    }

    /// <summary>What is pasted may be larger than a message of the circuit, so the browser streams it.</summary>
    private async Task PasteAsync()
    {
        _pasted = true;
        try
        {
            await using var reference = await Js.InvokeAsync<IJSStreamReference>("governance.textOf", _text);
            await using var stream = await reference.OpenReadStreamAsync(PeopleFile.MaxBytes);
            await PreviewAsync(stream);
        }
        catch (ArgumentOutOfRangeException)
        {
            _refusal = "That is more than 1 MB. Import it in parts.";
        }
    }

    private async Task PreviewAsync(Stream stream)
    {
        if (_busy) return;
        _busy = true;
        try
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content);
            _content = content.ToArray();
            var result = await Import.PreviewAsync(Viewer.Actor, _content, CancellationToken.None);
            (_preview, _refusal) = (result.Value, result.Refusal?.Message);
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>Goes on if one leaves the page: there is no half of it.</summary>
    private async Task ImportAsync()
    {
        if (_busy || _preview is null) return;
        (_busy, _total, _done) = (true, _preview.Lines.Count, 0);
        var result = await Import.ImportAsync(Viewer.Actor, _content, new Progress<int>(Show), CancellationToken.None);
        (_busy, _total) = (false, 0);
        _refusal = result.Refusal?.Message;
        if (result.Succeeded)
        {
            _imported = result.Value;
            return;
        }

        var again = await Import.PreviewAsync(Viewer.Actor, _content, CancellationToken.None);
        _preview = again.Value;
    }

    private void Show(int done) => _ = InvokeAsync(() =>
    {
        if (_gone) return;
        _done = done;
        StateHasChanged();
    });

    private void StartAgain() => (_preview, _refusal, _imported, _content, _pasted) = (null, null, null, [], false);

    public void Dispose() => _gone = true;
}
