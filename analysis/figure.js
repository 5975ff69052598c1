// What a reader can do with a figure: click an entry of its key to hide that line, and
// point at it to read the axes. Without scripts it is a still picture.
(function () {
	'use strict';
	function numbers(text) {
		return text.split(' ').map(Number);
	}

	// A key's entry is within its line's group: hidden lines keep it.
	function hides(entry) {
		const line = document.getElementById(entry.id.replace(/_keyentry$/, ''));
		entry.style.cursor = 'pointer';
		entry.addEventListener('click', function () {
			const hidden = line.getAttribute('visibility') === 'hidden';
			line.setAttribute('visibility', hidden ? 'visible' : 'hidden');
			entry.style.opacity = hidden ? 1 : 0.4;
		});
	}

	// From a place within [low, high] to the axis' value there.
	function value(at, low, high, from, to, log) {
		const share = (at - low) / (high - low);
		return log ? from * Math.pow(to / from, share) : from + share * (to - from);
	}

	function tells(svg) {
		const box = numbers(svg.dataset.frame), axis = numbers(svg.dataset.axes);
		const said = document.createElementNS(svg.namespaceURI, 'text');
		said.setAttribute('x', box[1]);
		said.setAttribute('y', box[2] - 5);
		said.setAttribute('class', 'readout');
		svg.appendChild(said);
		svg.addEventListener('pointermove', function (event) {
			const matrix = svg.getScreenCTM();
			const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
			const within = at.x >= box[0] && at.x <= box[1] && at.y >= box[2] && at.y <= box[3];
			const x = value(at.x, box[0], box[1], axis[0], axis[1], axis[4]);
			const y = value(at.y, box[3], box[2], axis[2], axis[3], axis[5]);
			said.textContent = within ? x.toPrecision(3) + ', ' + y.toPrecision(3) : '';
		});
		svg.addEventListener('pointerleave', function () {
			said.textContent = '';
		});
	}

	document.querySelectorAll('svg [id$="_keyentry"]').forEach(hides);
	document.querySelectorAll('svg[data-axes]').forEach(tells);
})();
